import { id } from '@emporium/contracts';
import { type OrderResponse, orderResponse, type PlaceOrderRequest, placeOrderRequest } from '@emporium/contracts/order';
import { fingerprint, Idempotency } from '@emporium/idempotency';
import { Answers, CurrentUser, IdempotencyKey } from '@emporium/service-defaults';
import { Body, Controller, Param, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { toResponse } from '../orders/order.response.ts';
import { CancellationService } from './cancellation.service.ts';
import { answerOf } from './checkout.answer.ts';
import { type Answer, CheckoutService } from './checkout.service.ts';

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
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const context = { instance: http.url, requestId: http.id };
    const answer = await this.checkout.place({ userId, key, request, present: (order) => answerOf(order, context) });
    const { id: orderId } = answer.body as Partial<OrderResponse>;
    if (orderId !== undefined) reply.header('location', `/v1/orders/${orderId}`);
    return send(reply, answer);
  }

  @Post(':id/cancel')
  @Answers(200, orderResponse)
  async cancel(
    @CurrentUser() userId: string,
    @IdempotencyKey() key: string,
    @Param('id', { schema: id }) orderId: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    const scope = `${userId}:POST /v1/orders/{id}/cancel`;
    const answer = await this.idempotency.run(
      scope,
      key,
      fingerprint(orderId),
      async () => ({ status: 200, body: toResponse(await this.cancellations.cancel(userId, orderId)) }),
      { leaseMs: 10_000 },
    );
    return send(reply, answer);
  }
}

function send(reply: FastifyReply, answer: { status: number; body: unknown; replayed: boolean }): object {
  reply.status(answer.status);
  if (answer.status >= 400) reply.header('content-type', 'application/problem+json');
  if (answer.replayed) reply.header('idempotency-replayed', 'true');
  return answer.body as Answer['body'];
}
