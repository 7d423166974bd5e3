import { CONFIG } from '@emporium/service-defaults';
import { Module } from '@nestjs/common';
import type { OrderConfig } from '../config.ts';
import { ProductModule } from '../products/product.module.ts';
import { CartController } from './cart.controller.ts';
import { CartRepository } from './cart.repository.ts';
import { CartService } from './cart.service.ts';
import { CURRENCY } from './currency.ts';

@Module({
  imports: [ProductModule],
  controllers: [CartController],
  providers: [
    CartRepository,
    CartService,
    { provide: CURRENCY, useFactory: ({ currency }: OrderConfig) => currency, inject: [CONFIG] },
  ],
  exports: [CartService],
})
export class CartModule {}
