import { id } from '@emporium/contracts';
import {
  type CreateProductRequest,
  createProductRequest,
  type ProductResponse,
  productResponse,
  type UpdateProductRequest,
  updateProductRequest,
} from '@emporium/contracts/product';
import { type Answer, Answers, answer, CurrentUser, Problems, Public, Roles } from '@emporium/service-defaults';
import { Body, Controller, Delete, Get, Headers, HttpCode, Param, Patch, Post } from '@nestjs/common';
import { ageOf, conditional, freshCatalog, json } from '../http/conditional.ts';
import { readAnswer, toResponse } from './product.response.ts';
import { ProductService } from './product.service.ts';
import { entityTag, matchedVersions } from './product.ts';

@Controller('v1/products')
@Roles('admin')
export class ProductController {
  constructor(private readonly products: ProductService) {}

  @Get(':id')
  @Public()
  @Answers(200, productResponse)
  @Answers(304, undefined, 'Not changed.')
  @Problems(404)
  async read(
    @Param('id', { schema: id }) productId: string,
    @Headers('if-none-match') ifNoneMatch: string | undefined,
  ): Promise<Answer<string | undefined>> {
    const found = await this.products.read(productId);
    const { tag, text } = readAnswer(found.value);
    return conditional(ifNoneMatch, tag, () => text, { ...json, ...freshCatalog, ...ageOf(found) });
  }

  @Post()
  @Answers(201, productResponse)
  @Problems(409)
  async create(
    @CurrentUser() createdBy: string,
    @Body({ schema: createProductRequest }) { initialStock, ...draft }: CreateProductRequest,
  ): Promise<Answer<ProductResponse>> {
    const product = await this.products.create(draft, initialStock, createdBy);
    return answer(201, toResponse(product), { etag: entityTag(product), location: `/v1/products/${product.id}` });
  }

  @Patch(':id')
  @Answers(200, productResponse)
  @Problems(404, 412)
  async update(
    @Param('id', { schema: id }) productId: string,
    @Body({ schema: updateProductRequest }) change: UpdateProductRequest,
    @Headers('if-match') ifMatch: string | undefined,
  ): Promise<Answer<ProductResponse>> {
    const product = await this.products.update(productId, change, expected(ifMatch));
    return answer(200, toResponse(product), { etag: entityTag(product) });
  }

  @Delete(':id')
  @HttpCode(204)
  @Answers(204)
  @Problems(404, 412)
  withdraw(@Param('id', { schema: id }) productId: string, @Headers('if-match') ifMatch: string | undefined): Promise<void> {
    return this.products.withdraw(productId, expected(ifMatch));
  }
}

const expected = (ifMatch: string | undefined) => (ifMatch === undefined ? undefined : matchedVersions(ifMatch));
