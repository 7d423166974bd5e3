import {
  type CategoryListQuery,
  categoryListQuery,
  categoryListResponse,
  type ProductListQuery,
  productListQuery,
  productListResponse,
} from '@emporium/contracts/product';
import { type Answer, Answers, Public } from '@emporium/service-defaults';
import { Controller, Get, Headers, Query } from '@nestjs/common';
import { ageOf, conditional, freshCatalog, json, tagOf } from '../http/conditional.ts';
import { madeOnce } from '../products/made-once.ts';
import { toResponse } from '../products/product.response.ts';
import type { ProductPage } from '../products/product.ts';
import { CatalogService } from './catalog.service.ts';
import { categoryPage } from './category-page.ts';

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
  ): Promise<Answer<string | undefined>> {
    const found = await this.catalog.list({ ...query, text: q === '' ? undefined : q });
    return tagged(ifNoneMatch, listAnswer(found.value), ageOf(found));
  }

  @Get('categories')
  @Answers(200, categoryListResponse)
  @Answers(304, undefined, 'Not changed.')
  async categories(
    @Query({ schema: categoryListQuery }) query: CategoryListQuery,
    @Headers('if-none-match') ifNoneMatch: string | undefined,
  ): Promise<Answer<string | undefined>> {
    const found = await this.catalog.categories();
    return tagged(ifNoneMatch, answerOf(categoryPage(found.value, query)), ageOf(found));
  }
}

interface TaggedText {
  readonly tag: string;
  readonly text: string;
}

function answerOf(body: object): TaggedText {
  const text = JSON.stringify(body);
  return { tag: tagOf(text), text };
}

const listAnswer = madeOnce(({ products, nextCursor }: ProductPage) => answerOf({ items: products.map(toResponse), nextCursor }));

const tagged = (ifNoneMatch: string | undefined, { tag, text }: TaggedText, age: Record<string, string>) =>
  conditional(ifNoneMatch, tag, () => text, { ...json, ...freshCatalog, ...age });
