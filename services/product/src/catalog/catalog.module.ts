import { Module } from '@nestjs/common';
import { ProductCacheModule } from '../products/product-cache.module.ts';
import { CatalogController } from './catalog.controller.ts';
import { CatalogService } from './catalog.service.ts';
import { CategoryRepository } from './category.repository.ts';
import { ListingRepository } from './listing.repository.ts';

@Module({
  imports: [ProductCacheModule],
  controllers: [CatalogController],
  providers: [CatalogService, ListingRepository, CategoryRepository],
})
export class CatalogModule {}
