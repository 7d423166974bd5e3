import type { Money } from '@emporium/money';

export interface Product {
  readonly id: string;
  readonly sku: string;
  readonly name: string;
  readonly description: string;
  /** Slug of the category. */
  readonly category: string;
  readonly price: Money;
  /** Units that could be bought right now. */
  readonly available: number;
  /** Undefined: the generated picture. */
  readonly imageUrl?: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** Counts changes of the product itself; a sale is none. */
  readonly version: number;
}

export interface ProductPage {
  readonly products: readonly Product[];
  readonly nextCursor: string | null;
}

export type NewProduct = Pick<Product, 'id' | 'sku' | 'name' | 'description' | 'category' | 'price' | 'imageUrl'>;

export type ProductChange = Partial<Pick<Product, 'name' | 'description' | 'category' | 'price' | 'imageUrl'>>;

/** A shelf of the shop and how many products stand on it. */
export interface Category {
  readonly slug: string;
  readonly name: string;
  readonly productCount: number;
}

/** What an order pays for one line. */
export interface QuotedLine {
  readonly productId: string;
  readonly name: string;
  readonly quantity: number;
  readonly unitPrice: Money;
}

/** Changes whenever the answer does: with each edit (version) and each unit sold or supplied (available). */
export const entityTag = ({ version, available }: Product): string => `"${version}-${available}"`;

/**
 * The versions an If-Match header accepts: undefined for '*' (any), and an empty list for tags that are none of ours.
 * The part of our tag that counts units is left out: a sale in between is no reason to refuse an edit of the description.
 */
export function matchedVersions(ifMatch: string): number[] | undefined {
  if (ifMatch.trim() === '*') return undefined;
  return ifMatch.split(',').flatMap((tag) => {
    const version = /^\s*"(\d{1,9})-\d{1,10}"\s*$/.exec(tag)?.[1];
    return version === undefined ? [] : [Number(version)];
  });
}

/** The name of a category that an admin opens by using its slug: `rain-gear` becomes `Rain gear`. */
export const categoryName = (slug: string): string => `${slug.charAt(0).toUpperCase()}${slug.slice(1).replaceAll('-', ' ')}`;
