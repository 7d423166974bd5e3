import type { Page } from '@emporium/contracts';
import {
  type CategoryListQuery,
  categoryListQuery,
  categoryListResponse,
  type ProductListQuery,
  type ProductResponse,
  productListQuery,
  productListResponse,
} from '@emporium/contracts/product';
import { type Answer, Answers, Public } from '@emporium/service-defaults';
import { Controller, Get, Headers, Query } from '@nestjs/common';
import { ageOf, conditional, freshCatalog, tagOf } from '../http/conditional.ts';
import { toResponse } from '../products/product.response.ts';
import { CatalogService } from './catalog.service.ts';
import { type CategoryPage, categoryPage } from './category-page.ts';

@Controller('v1')
@Public()
export class CatalogController {
  constructor(private readonly catalog: CatalogService) {}

  @Get('products')
  @Answers(200, productListResponse)
  @Answers(304, undefined, 'Not changed.')
  async list(
    @Query({ schema: productListQuery }) { q, ...query }: ProductListQuery,
    @Headers('if-none-match') ifNoneMatch: string | undefined,
  ): Promise<Answer<Page<ProductResponse> | undefined>> {
    const found = await this.catalog.list({ ...query, text: q === '' ? undefined : q });
    const { products, nextCursor } = found.value;
    return tagged(ifNoneMatch, { items: products.map(toResponse), nextCursor }, ageOf(found));
  }

  @Get('categories')
  @Answers(200, categoryListResponse)
  @Answers(304, undefined, 'Not changed.')
  async categories(
    @Query({ schema: categoryListQuery }) query: CategoryListQuery,
    @Headers('if-none-match') ifNoneMatch: string | undefined,
  ): Promise<Answer<CategoryPage | undefined>> {
    const found = await this.catalog.categories();
    return tagged(ifNoneMatch, categoryPage(found.value, query), ageOf(found));
  }
}

const tagged = <Body>(ifNoneMatch: string | undefined, body: Body, age: Record<string, string>) =>
  conditional(ifNoneMatch, tagOf(JSON.stringify(body)), () => body, { ...freshCatalog, ...age });
