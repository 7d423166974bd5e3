import { Module } from '@nestjs/common';
import { PagesRoutes } from './pages.routes.ts';

@Module({ providers: [PagesRoutes] })
export class PagesModule {}
