import { type QuoteRequest, type QuoteResponse, quoteRequest, quoteResponse } from '@emporium/contracts/product';
import { Answers, Internal } from '@emporium/service-defaults';
import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ProductService } from './product.service.ts';

@Controller('internal/quotes')
@Internal({ callers: ['order'] })
export class QuoteController {
  constructor(private readonly products: ProductService) {}

  @Post()
  @HttpCode(200)
  @Answers(200, quoteResponse)
  async quote(@Body({ schema: quoteRequest }) request: QuoteRequest): Promise<QuoteResponse> {
    return { lines: await this.products.quote(request.items) };
  }
}
