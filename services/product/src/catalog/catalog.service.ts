import { Postgres, type ReadSource, Replica } from '@emporium/postgres';
import type { Found } from '@emporium/redis';
import { Injectable } from '@nestjs/common';
import { ProductCache } from '../products/product.cache.ts';
import type { Category, ProductPage } from '../products/product.ts';
import { CategoryRepository } from './category.repository.ts';
import { type ListedProduct, ListingRepository } from './listing.repository.ts';
import { defaultSort, type Filters, isSearchable, type Listing, type Match, matches, type Sort } from './listing.ts';
import { type Cursor, decodeCursor, encodeCursor } from './page-cursor.ts';

export interface CatalogRequest extends Filters {
  readonly sort?: Sort;
  readonly limit: number;
  readonly cursor?: string;
}

const nothing: ProductPage = { products: [], nextCursor: null };

@Injectable()
export class CatalogService {
  constructor(
    private readonly postgres: Postgres,
    private readonly replica: Replica,
    private readonly listings: ListingRepository,
    private readonly categoryTable: CategoryRepository,
    private readonly cache: ProductCache,
  ) {}

  async list({ cursor, ...request }: CatalogRequest): Promise<Found<ProductPage>> {
    const { text, sort = defaultSort(text), limit, category, minPrice, maxPrice } = request;
    const position = cursor === undefined ? undefined : decodeCursor(cursor, sort, text);
    if (text !== undefined && !isSearchable(text)) return { value: nothing };

    const question = [sort, limit, text ?? null, category ?? null, minPrice ?? null, maxPrice ?? null, position ?? null];
    return this.cache.findList(question, (changed) => this.search(this.source(changed), { ...request, sort }, position));
  }

  categories(): Promise<Found<Category[]>> {
    return this.cache.findCategories((changed) => this.categoryTable.list(this.source(changed)));
  }

  private source(changedLately: boolean): ReadSource {
    return changedLately ? this.postgres : this.replica;
  }

  private async search(
    source: ReadSource,
    request: CatalogRequest & { sort: Sort },
    position: Cursor | undefined,
  ): Promise<ProductPage> {
    let page = nothing;
    for (const match of matchesFor(request.text, position)) {
      const listing: Listing = { ...request, match, after: position };
      page = toPage(await this.find(source, listing), listing);
      if (page.products.length > 0) break;
    }
    return page;
  }

  private find(source: ReadSource, listing: Listing): Promise<ListedProduct[]> {
    if (listing.match !== 'likeness') return this.listings.list(source, listing);
    return source.transaction(async (tx) => {
      await this.listings.lowerLikeness(tx);
      return this.listings.list(tx, listing);
    });
  }
}

/** A later page is matched as the first one was. */
function matchesFor(text: string | undefined, position: Cursor | undefined): readonly Match[] {
  if (position !== undefined) return [position.match];
  return text === undefined ? ['words'] : matches;
}

/** The repository gives one product more than the page holds when there are more. */
function toPage(found: readonly ListedProduct[], { sort, match, text, limit }: Listing): ProductPage {
  const page = found.slice(0, limit);
  const last = page.at(-1);
  const more = found.length > limit && last !== undefined;
  return {
    products: page.map(({ product }) => product),
    nextCursor: more ? encodeCursor({ sort, match, key: last.key, id: last.product.id }, text) : null,
  };
}
