/** What one category of the development catalogue is made from: every good comes in every variant. */
export interface Shelf {
  readonly slug: string;
  readonly name: string;
  /** Three letters that begin each SKU of this shelf. */
  readonly code: string;
  /** How a product is called; holds `{maker}`, `{variant}` and `{good}`. */
  readonly title: string;
  readonly makers: readonly string[];
  /** A book keeps its author whatever the binding; most goods come from several makers. */
  readonly oneMakerPerGood?: boolean;
  /** Name, and a sentence of the description. */
  readonly variants: readonly (readonly [name: string, note: string])[];
  /** Name, lowest and highest price in cents, and a sentence of the description. */
  readonly goods: readonly (readonly [name: string, from: number, to: number, about: string])[];
  readonly promises: readonly string[];
}
