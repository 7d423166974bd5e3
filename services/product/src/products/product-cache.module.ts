import { Module } from '@nestjs/common';
import { ProductCache } from './product.cache.ts';

/** Apart from the product module, because stock, which products build on, forgets products too. */
@Module({ providers: [ProductCache], exports: [ProductCache] })
export class ProductCacheModule {}
