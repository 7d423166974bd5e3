import { id } from '@emporium/contracts';
import { type CartItemRequest, type CartResponse, cartItemRequest, cartResponse } from '@emporium/contracts/order';
import { times } from '@emporium/money';
import { Answers, CurrentUser } from '@emporium/service-defaults';
import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CartService } from './cart.service.ts';
import { type CartLine, cartTotal } from './cart.ts';
import { CURRENCY } from './currency.ts';

@ApiTags('cart')
@Controller('v1/cart')
export class CartController {
  constructor(
    private readonly carts: CartService,
    @Inject(CURRENCY) private readonly currency: string,
  ) {}

  @Get()
  @Answers(200, cartResponse)
  async get(@CurrentUser() userId: string): Promise<CartResponse> {
    return this.toResponse(await this.carts.get(userId));
  }

  @Put('items/:productId')
  @Answers(200, cartResponse)
  async put(
    @CurrentUser() userId: string,
    @Param('productId', { schema: id }) productId: string,
    @Body({ schema: cartItemRequest }) request: CartItemRequest,
  ): Promise<CartResponse> {
    return this.toResponse(await this.carts.put(userId, { productId: productId.toLowerCase(), quantity: request.quantity }));
  }

  @Delete('items/:productId')
  @Answers(200, cartResponse)
  async remove(@CurrentUser() userId: string, @Param('productId', { schema: id }) productId: string): Promise<CartResponse> {
    return this.toResponse(await this.carts.remove(userId, productId.toLowerCase()));
  }

  @Delete()
  @HttpCode(200)
  @Answers(200, cartResponse)
  async clear(@CurrentUser() userId: string): Promise<CartResponse> {
    await this.carts.clear(userId);
    return this.toResponse([]);
  }

  private toResponse(lines: CartLine[]): CartResponse {
    return {
      items: lines.map(({ productId, name, quantity, unitPrice }) => ({
        productId,
        name,
        quantity,
        unitPrice,
        lineTotal: times(unitPrice, quantity),
      })),
      total: cartTotal(lines, this.currency),
    };
  }
}
