import { Module } from '@nestjs/common';
import { StockModule } from '../stock/stock.module.ts';
import { ProductController } from './product.controller.ts';
import { ProductRepository } from './product.repository.ts';
import { ProductService } from './product.service.ts';
import { ProductCacheModule } from './product-cache.module.ts';
import { QuoteController } from './quote.controller.ts';

@Module({
  imports: [ProductCacheModule, StockModule],
  controllers: [ProductController, QuoteController],
  providers: [ProductService, ProductRepository],
  exports: [ProductService],
})
export class ProductModule {}
