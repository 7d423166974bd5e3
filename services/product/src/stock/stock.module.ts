import { Module } from '@nestjs/common';
import { ProductCacheModule } from '../products/product-cache.module.ts';
import { StockController } from './stock.controller.ts';
import { StockRepository } from './stock.repository.ts';
import { StockService } from './stock.service.ts';

@Module({
  imports: [ProductCacheModule],
  controllers: [StockController],
  providers: [StockService, StockRepository],
  exports: [StockService],
})
export class StockModule {}
