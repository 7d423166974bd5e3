import { id } from '@emporium/contracts';
import { type OrderResponse, orderResponse, type PlaceOrderRequest, placeOrderRequest } from '@emporium/contracts/order';
import { fingerprint, Idempotency } from '@emporium/idempotency';
import { type Answer, Answers, CurrentUser, IdempotencyKey } from '@emporium/service-defaults';
import { Body, Controller, Param, Post, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { toResponse } from '../orders/order.response.ts';
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
    private readonly idempotency: Idempotency,
  ) {}

  @Post()
  @Answers(201, orderResponse, 'confirmed')
  @Answers(202, orderResponse, 'pending: the order is kept and finishes by itself')
  async place(
    @CurrentUser() userId: string,
    @IdempotencyKey() key: string,
    @Body({ schema: placeOrderRequest }) request: PlaceOrderRequest,
    @Req() http: FastifyRequest,
  ): Promise<Answer> {
    const context = { instance: http.url, requestId: http.id };
    const told = await this.checkout.place({ userId, key, request, present: (order) => answerOf(order, context) });
    return repeatable(told, told.status < 400 ? { location: `/v1/orders/${(told.body as OrderResponse).id}` } : problemHeaders);
  }

  @Post(':id/cancel')
  @Answers(200, orderResponse)
  async cancel(
    @CurrentUser() userId: string,
    @IdempotencyKey() key: string,
    @Param('id', { schema: id }) orderId: string,
  ): Promise<Answer> {
    const scope = `${userId}:POST /v1/orders/{id}/cancel`;
    const told = await this.idempotency.run(
      scope,
      key,
      fingerprint(orderId),
      async () => ({ status: 200, body: toResponse(await this.cancellations.cancel(userId, orderId)) }),
      { leaseMs: 10_000 },
    );
    return repeatable(told);
  }
}

const problemHeaders = { 'content-type': 'application/problem+json' };
