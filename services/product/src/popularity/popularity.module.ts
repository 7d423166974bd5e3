import { Module } from '@nestjs/common';
import { PopularityConsumer } from './popularity.consumer.ts';
import { PopularityRepository } from './popularity.repository.ts';
import { PopularityService } from './popularity.service.ts';

@Module({ providers: [PopularityConsumer, PopularityService, PopularityRepository] })
export class PopularityModule {}
