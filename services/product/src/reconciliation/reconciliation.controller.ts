import {
  type CompareStockRequest,
  compareStockRequest,
  type MovedReservationsQuery,
  type MovedReservationsResponse,
  movedReservationsQuery,
  type ReservationsRequest,
  type ReservationsResponse,
  reservationsRequest,
  type StockDifferencesResponse,
} from '@emporium/contracts/product';
import { Internal } from '@emporium/service-defaults';
import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { fromCursor, toCursor } from './position.cursor.ts';
import { ReconciliationService } from './reconciliation.service.ts';

/** What a run of the order service asks for, page by page. Every call may be repeated. */
@Controller('internal/reconciliation')
@Internal({ callers: ['order'] })
export class ReconciliationController {
  constructor(private readonly reconciliation: ReconciliationService) {}

  @Get('reservations')
  async moved(@Query({ schema: movedReservationsQuery }) query: MovedReservationsQuery): Promise<MovedReservationsResponse> {
    const window = { since: new Date(query.since), until: new Date(query.until) };
    const { orderIds, productIds, next } = await this.reconciliation.moved(window, fromCursor(query.cursor));
    return { orderIds, productIds, nextCursor: next === undefined ? null : toCursor(next) };
  }

  @Post('reservations')
  @HttpCode(200)
  async reservations(@Body({ schema: reservationsRequest }) request: ReservationsRequest): Promise<ReservationsResponse> {
    const { reservations, forgottenBefore } = await this.reconciliation.reservations(request.orderIds);
    return {
      reservations: reservations.map(({ orderId, status, lines, updatedAt }) => ({
        orderId,
        status,
        items: [...lines],
        updatedAt: updatedAt.toISOString(),
      })),
      forgottenBefore: forgottenBefore.toISOString(),
    };
  }

  @Post('stock')
  @HttpCode(200)
  async stock(@Body({ schema: compareStockRequest }) request: CompareStockRequest): Promise<StockDifferencesResponse> {
    const differences = await this.reconciliation.differences(request.productIds);
    return {
      differences: differences.map(({ productId, details }) => ({
        kind: 'stock-differs',
        subjectId: productId,
        reference: '',
        details: { ...details },
        repaired: false,
      })),
    };
  }

  @Post('overdue')
  @HttpCode(200)
  async overdue(): Promise<StockDifferencesResponse> {
    const overdue = await this.reconciliation.releaseOverdue();
    return {
      differences: overdue.map(({ orderId, released }) => ({
        kind: 'reservation-overdue',
        subjectId: orderId,
        reference: '',
        details: {},
        repaired: released,
      })),
    };
  }
}
