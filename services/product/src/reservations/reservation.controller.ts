import { id } from '@emporium/contracts';
import { type ReservationResponse, type ReserveRequest, reservationResponse, reserveRequest } from '@emporium/contracts/product';
import { Answers, Internal, Problems } from '@emporium/service-defaults';
import { Body, Controller, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ReservationService } from './reservation.service.ts';

@Controller('internal/reservations/:orderId')
@Internal({ callers: ['order'] })
export class ReservationController {
  constructor(private readonly reservations: ReservationService) {}

  @Put()
  @Answers(200, reservationResponse)
  @Problems(409)
  reserve(
    @Param('orderId', { schema: id }) orderId: string,
    @Body({ schema: reserveRequest }) request: ReserveRequest,
  ): Promise<ReservationResponse> {
    return this.reservations.reserve(orderId, request.items);
  }

  @Post('commit')
  @HttpCode(200)
  @Answers(200, reservationResponse)
  @Problems(409)
  commit(@Param('orderId', { schema: id }) orderId: string): Promise<ReservationResponse> {
    return this.reservations.commit(orderId);
  }

  @Post('release')
  @HttpCode(200)
  @Answers(200, reservationResponse)
  @Problems(409)
  release(@Param('orderId', { schema: id }) orderId: string): Promise<ReservationResponse> {
    return this.reservations.release(orderId);
  }

  @Post('return')
  @HttpCode(200)
  @Answers(200, reservationResponse)
  @Problems(409)
  giveBack(@Param('orderId', { schema: id }) orderId: string): Promise<ReservationResponse> {
    return this.reservations.giveBack(orderId);
  }
}
