import { id, type Page } from '@emporium/contracts';
import {
  type AdminOrderListQuery,
  adminOrderListQuery,
  type OrderResponse,
  orderListResponse,
  orderRefundResponse,
  orderResponse,
  type RefundOrderRequest,
  refundOrderRequest,
} from '@emporium/contracts/order';
import { fingerprint, Idempotency } from '@emporium/idempotency';
import { type Answer, Answers, CurrentUser, IdempotencyKey, Problems, Roles } from '@emporium/service-defaults';
import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { fromCursor } from './order.cursor.ts';
import { toPage } from './order.page.ts';
import { toResponse } from './order.response.ts';
import { OrderService } from './order.service.ts';
import { repeatable, withRefusals } from './repeatable.answer.ts';

@ApiTags('admin')
@Controller('v1/admin/orders')
export class AdminOrderController {
  constructor(
    private readonly orders: OrderService,
    private readonly idempotency: Idempotency,
  ) {}

  @Get()
  @Roles('admin', 'support')
  @Answers(200, orderListResponse)
  async list(@Query({ schema: adminOrderListQuery }) query: AdminOrderListQuery): Promise<Page<OrderResponse>> {
    return toPage(await this.orders.listAll(query.limit + 1, query.status, fromCursor(query.cursor)), query.limit);
  }

  @Get(':id')
  @Roles('admin', 'support')
  @Answers(200, orderResponse)
  @Problems(404)
  async get(@Param('id', { schema: id }) orderId: string): Promise<OrderResponse> {
    return toResponse(await this.orders.getAny(orderId));
  }

  @Post(':id/refunds')
  @Roles('admin')
  @Answers(201, orderRefundResponse, 'The money is on its way back.')
  @Answers(202, orderRefundResponse, 'It will be: the payment provider has not answered yet, and is asked again.')
  @Problems(404)
  async refund(
    @CurrentUser() adminId: string,
    @IdempotencyKey() key: string,
    @Param('id', { schema: id }) orderId: string,
    @Body({ schema: refundOrderRequest }) request: RefundOrderRequest,
  ): Promise<Answer> {
    const told = await this.idempotency.run(
      `${adminId}:POST /v1/admin/orders/{id}/refunds`,
      key,
      fingerprint(orderId, request),
      () =>
        withRefusals(`/v1/admin/orders/${orderId}/refunds`, async () => {
          const refund = await this.orders.refund(orderId, `${adminId}:${key}`, request);
          return { status: refund.status === 'pending' ? 202 : 201, body: refund };
        }),
      { leaseMs: 10_000 },
    );
    return repeatable(told);
  }

  @Post(':id/ship')
  @HttpCode(200)
  @Roles('admin')
  @Answers(200, orderResponse)
  @Problems(404, 409)
  async ship(@Param('id', { schema: id }) orderId: string): Promise<OrderResponse> {
    return toResponse(await this.orders.ship(orderId));
  }

  @Post(':id/deliver')
  @HttpCode(200)
  @Roles('admin')
  @Answers(200, orderResponse)
  @Problems(404, 409)
  async deliver(@Param('id', { schema: id }) orderId: string): Promise<OrderResponse> {
    return toResponse(await this.orders.deliver(orderId));
  }
}
