import { type RefundRequest, type RefundResponse, refundRequest } from '@emporium/contracts/payment';
import { Internal } from '@emporium/service-defaults';
import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { z } from 'zod';
import { RefundService } from './refund.service.ts';

@Controller('internal/payments/:orderId/refunds')
export class RefundController {
  constructor(private readonly refunds: RefundService) {}

  @Post()
  @HttpCode(200)
  @Internal({ callers: ['order'] })
  async refund(
    @Param('orderId', { schema: z.uuid() }) orderId: string,
    @Body({ schema: refundRequest }) request: RefundRequest,
  ): Promise<RefundResponse> {
    const refund = await this.refunds.refund({ orderId, ...request });
    return { refundId: refund.id, status: refund.status };
  }
}
