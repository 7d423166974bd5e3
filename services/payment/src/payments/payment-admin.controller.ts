import { type PaymentListQuery, type PaymentResponse, paymentListQuery, paymentListResponse } from '@emporium/contracts/payment';
import { Answers, Roles } from '@emporium/service-defaults';
import { Controller, Get, Query } from '@nestjs/common';
import { toPaymentResponse } from './payment.response.ts';
import { PaymentService } from './payment.service.ts';

@Controller('v1/admin/payments')
export class PaymentAdminController {
  constructor(private readonly payments: PaymentService) {}

  @Get()
  @Roles('admin')
  @Answers(200, paymentListResponse, 'Payments, newest first.')
  async list(
    @Query({ schema: paymentListQuery }) query: PaymentListQuery,
  ): Promise<{ items: PaymentResponse[]; nextCursor: string | null }> {
    const { payments, nextCursor } = await this.payments.page(query);
    return { items: payments.map(toPaymentResponse), nextCursor };
  }
}
