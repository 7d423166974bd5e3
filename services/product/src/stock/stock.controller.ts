import { id } from '@emporium/contracts';
import {
  type InventoryResponse,
  inventoryResponse,
  type StockMovementRequest,
  stockMovementRequest,
} from '@emporium/contracts/product';
import { Answers, CurrentUser, Problems, Roles } from '@emporium/service-defaults';
import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { StockService } from './stock.service.ts';

@Controller('v1')
@Roles('admin')
export class StockController {
  constructor(private readonly stock: StockService) {}

  @Post('products/:id/stock-movements')
  @Answers(201, inventoryResponse)
  @Problems(404, 409)
  move(
    @CurrentUser() movedBy: string,
    @Param('id', { schema: id }) productId: string,
    @Body({ schema: stockMovementRequest }) { quantity, reason }: StockMovementRequest,
  ): Promise<InventoryResponse> {
    return this.stock.move({ productId, quantity, reason, movedBy });
  }

  @Get('admin/products/:id/inventory')
  @Answers(200, inventoryResponse)
  @Problems(404)
  inventory(@Param('id', { schema: id }) productId: string): Promise<InventoryResponse> {
    return this.stock.inventory(productId);
  }
}
