import { Module } from '@nestjs/common';
import { RoutingModule } from '../routing/routing.module.ts';
import { ApiDocsController } from './api-docs.controller.ts';
import { ApiDocsService } from './api-docs.service.ts';

@Module({ imports: [RoutingModule], controllers: [ApiDocsController], providers: [ApiDocsService] })
export class ApiDocsModule {}
