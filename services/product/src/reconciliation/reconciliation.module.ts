import { Module } from '@nestjs/common';
import { ReservationModule } from '../reservations/reservation.module.ts';
import { ReconciliationController } from './reconciliation.controller.ts';
import { ReconciliationRepository } from './reconciliation.repository.ts';
import { ReconciliationService } from './reconciliation.service.ts';

@Module({
  imports: [ReservationModule],
  controllers: [ReconciliationController],
  providers: [ReconciliationService, ReconciliationRepository],
})
export class ReconciliationModule {}
