import {
  type CancelPaymentRequest,
  type ChargeRequest,
  cancelPaymentRequest,
  chargeRequest,
  type PaymentResponse,
} from '@emporium/contracts/payment';
import { Internal } from '@emporium/service-defaults';
import { Body, Controller, HttpCode, Param, Post, Put } from '@nestjs/common';
import { z } from 'zod';
import { toPaymentResponse } from './payment.response.ts';
import { PaymentService } from './payment.service.ts';

/** What the order service asks for. */
@Controller('internal/payments/:orderId')
export class PaymentController {
  constructor(private readonly payments: PaymentService) {}

  @Put()
  @Internal({ callers: ['order'] })
  async charge(
    @Param('orderId', { schema: z.uuid() }) orderId: string,
    @Body({ schema: chargeRequest }) request: ChargeRequest,
  ): Promise<PaymentResponse> {
    return toPaymentResponse(await this.payments.charge(orderId, request));
  }

  @Post('cancel')
  @HttpCode(200)
  @Internal({ callers: ['order'] })
  async cancel(
    @Param('orderId', { schema: z.uuid() }) orderId: string,
    @Body({ schema: cancelPaymentRequest }) request: CancelPaymentRequest,
  ): Promise<PaymentResponse> {
    return toPaymentResponse(await this.payments.cancel(orderId, request.reason));
  }
}
