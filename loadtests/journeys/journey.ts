/** One request as a visitor means it; `route` names it in reports, without ids. */
export interface Call {
  readonly route: string;
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Default: the path of the route. */
  readonly path?: string;
  readonly token?: string;
  readonly idempotencyKey?: string;
  readonly body?: unknown;
  /** Answers that are no error; default: 200. */
  readonly statuses?: readonly number[];
  /** Whether the answer is looked at. */
  readonly isRead?: boolean;
}

export interface Answer {
  readonly status: number;
  /** Whether it was one of those hoped for. */
  readonly isGood: boolean;
  /** Of a call with `isRead`; undefined when there was no JSON. */
  readonly body: Readonly<Record<string, unknown>> | undefined;
}

export interface Account {
  readonly email: string;
  readonly password: string;
}

/** What a visitor knows and can do. Journeys are written against this and know neither k6 nor how many of them there are. */
export interface Visit {
  call(call: Call): Answer;
  /** A customer's access token; not asked for by those who only look. */
  customer(): Promise<string>;
  administrator(): Promise<string>;
  /** Somebody with a password. */
  account(): Account;
  /** Any product of the shop. */
  product(): string;
  /** One with units enough for everybody; one time in five among the five that everybody wants. */
  productToBuy(): string;
  /** The one on sale, of which there are few. */
  productOnSale(): string;
  /** A word that people search for. */
  word(): string;
  pick<Item>(items: readonly Item[]): Item;
  newKey(): string;
}

export interface Journey {
  /** Requests of one visit: what turns a share of requests into a rate of visits. */
  readonly requests: number;
  run(visit: Visit): Promise<void>;
}
