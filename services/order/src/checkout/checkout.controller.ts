import { id } from '@emporium/contracts';
import { type OrderResponse, orderResponse, type PlaceOrderRequest, placeOrderRequest } from '@emporium/contracts/order';
import { type Answer, Answers, CurrentUser, IdempotencyKey, Problems } from '@emporium/service-defaults';
import { Body, Controller, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { toResponse } from '../orders/order.response.ts';
import type { Order } from '../orders/order.ts';
import { repeatable } from '../orders/repeatable.answer.ts';
import { CancellationService } from './cancellation.service.ts';
import { answerOf } from './checkout.answer.ts';
import { CheckoutService } from './checkout.service.ts';

@ApiTags('orders')
@Controller('v1/orders')
export class CheckoutController {
  constructor(
    private readonly checkout: CheckoutService,
    private readonly cancellations: CancellationService,
  ) {}

  @Post()
  @Answers(201, orderResponse, 'confirmed')
  @Answers(202, orderResponse, 'pending: the order is kept and finishes by itself')
  @Problems(402)
  async place(
    @CurrentUser() userId: string,
    @IdempotencyKey() key: string,
    @Body({ schema: placeOrderRequest }) request: PlaceOrderRequest,
  ): Promise<Answer> {
    const told = await this.checkout.place({ userId, key, request, present: answerOf });
    return repeatable(told, { location: `/v1/orders/${(told.body as OrderResponse).id}` });
  }

  @Post(':id/cancel')
  @Answers(200, orderResponse)
  @Problems(404)
  async cancel(
    @CurrentUser() userId: string,
    @IdempotencyKey() key: string,
    @Param('id', { schema: id }) orderId: string,
  ): Promise<Answer> {
    const present = (order: Order) => ({ status: 200, body: toResponse(order) });
    return repeatable(await this.cancellations.cancel({ userId, key, orderId: orderId.toLowerCase(), present }));
  }
}
