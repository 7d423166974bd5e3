import { Module } from '@nestjs/common';
import { ProductCacheModule } from '../products/product-cache.module.ts';
import { ReservationController } from './reservation.controller.ts';
import { ReservationJobs } from './reservation.jobs.ts';
import { ReservationRepository } from './reservation.repository.ts';
import { ReservationService } from './reservation.service.ts';
import { ReservationRetentionService } from './reservation-retention.service.ts';

@Module({
  imports: [ProductCacheModule],
  controllers: [ReservationController],
  providers: [ReservationService, ReservationRetentionService, ReservationRepository, ReservationJobs],
  exports: [ReservationService],
})
export class ReservationModule {}
