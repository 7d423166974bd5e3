import { Module } from '@nestjs/common';
import { LimitsModule } from '../limits/limits.module.ts';
import { RoutingModule } from '../routing/routing.module.ts';
import { ApiDocsRoutes } from './api-docs.routes.ts';
import { ApiDocsService } from './api-docs.service.ts';

@Module({ imports: [RoutingModule, LimitsModule], providers: [ApiDocsService, ApiDocsRoutes] })
export class ApiDocsModule {}
