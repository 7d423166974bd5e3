import { Module } from '@nestjs/common';
import { PaymentModule } from '../payments/payment.module.ts';
import { AdminOrderController } from './admin-order.controller.ts';
import { OrderController } from './order.controller.ts';
import { OrderRepository } from './order.repository.ts';
import { OrderService } from './order.service.ts';

@Module({
  imports: [PaymentModule],
  controllers: [OrderController, AdminOrderController],
  providers: [OrderRepository, OrderService],
  exports: [OrderService],
})
export class OrderModule {}
