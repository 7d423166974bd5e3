import {
  type ComparePaymentsRequest,
  type ComparePaymentsResponse,
  comparePaymentsRequest,
  type OrdersWithMoneyQuery,
  type OrdersWithMoneyResponse,
  ordersWithMoneyQuery,
  type TakeStatementRequest,
  type TakeStatementResponse,
  takeStatementRequest,
} from '@emporium/contracts/payment';
import { Internal } from '@emporium/service-defaults';
import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ComparisonService } from './comparison.service.ts';
import { fromCursor, toCursor } from './position.cursor.ts';
import { ReconciliationService } from './reconciliation.service.ts';

/** What a run of the order service asks for, page by page. Every call may be repeated. */
@Controller('internal/reconciliation')
@Internal({ callers: ['order'] })
export class ReconciliationController {
  constructor(
    private readonly reconciliation: ReconciliationService,
    private readonly comparison: ComparisonService,
  ) {}

  @Post('statement')
  @HttpCode(200)
  async take(@Body({ schema: takeStatementRequest }) request: TakeStatementRequest): Promise<TakeStatementResponse> {
    const kind = request.of === 'charges' ? 'charge' : 'refund';
    const { taken, foreign, next } = await this.reconciliation.take(kind, windowOf(request), request.cursor);
    return { taken, foreign, nextCursor: next };
  }

  @Get('orders')
  async orders(@Query({ schema: ordersWithMoneyQuery }) query: OrdersWithMoneyQuery): Promise<OrdersWithMoneyResponse> {
    const { orderIds, next } = await this.reconciliation.orders(query.in, windowOf(query), fromCursor(query.cursor));
    return { orderIds, nextCursor: next === undefined ? null : toCursor(next) };
  }

  @Post('compare')
  @HttpCode(200)
  async compare(@Body({ schema: comparePaymentsRequest }) request: ComparePaymentsRequest): Promise<ComparePaymentsResponse> {
    const { payments, moving, found } = await this.comparison.compare(request.orderIds, {
      until: new Date(request.until),
      withProvider: request.withProvider,
    });
    return {
      payments: payments.map(({ orderId, status, charged, refunded }) => ({ orderId, status, charged, refunded })),
      moving: [...moving],
      differences: found.map(({ kind, orderId, reference, details, repaired }) => ({
        kind,
        subjectId: orderId,
        reference,
        details: { ...details },
        repaired,
      })),
    };
  }
}

const windowOf = ({ since, until }: { since: string; until: string }) => ({ since: new Date(since), until: new Date(until) });
