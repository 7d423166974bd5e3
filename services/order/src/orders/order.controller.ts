import { id, type Page, type PageQuery, pageQuery } from '@emporium/contracts';
import { type OrderResponse, orderListResponse, orderResponse } from '@emporium/contracts/order';
import { Answers, CurrentUser, Problems } from '@emporium/service-defaults';
import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { fromCursor } from './order.cursor.ts';
import { toPage } from './order.page.ts';
import { toResponse } from './order.response.ts';
import { OrderService } from './order.service.ts';

@ApiTags('orders')
@Controller('v1/orders')
export class OrderController {
  constructor(private readonly orders: OrderService) {}

  @Get()
  @Answers(200, orderListResponse)
  async list(@CurrentUser() userId: string, @Query({ schema: pageQuery }) query: PageQuery): Promise<Page<OrderResponse>> {
    return toPage(await this.orders.listOfUser(userId, query.limit + 1, fromCursor(query.cursor)), query.limit);
  }

  @Get(':id')
  @Answers(200, orderResponse)
  @Problems(404)
  async get(@CurrentUser() userId: string, @Param('id', { schema: id }) orderId: string): Promise<OrderResponse> {
    return toResponse(await this.orders.get(userId, orderId));
  }
}
