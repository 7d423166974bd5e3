import { Module } from '@nestjs/common';
import { LimitsModule } from '../limits/limits.module.ts';
import { PagesRoutes } from './pages.routes.ts';

@Module({ imports: [LimitsModule], providers: [PagesRoutes] })
export class PagesModule {}
