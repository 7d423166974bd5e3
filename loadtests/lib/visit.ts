import type { Visit } from '../journeys/journey.ts';
import { adminToken, customerToken } from './people.ts';
import { send } from './shop.ts';
import { world } from './world.ts';

const words = ['kettle', 'lamp', 'chair', 'desk', 'cup', 'bag', 'clock', 'blue', 'oak', 'wool', 'coffee', 'garden'];

/** The five that everybody wants, and how often it is one of them. */
const HOT = 5;
const HOT_SHARE = 0.2;

function pick<Item>(items: readonly Item[]): Item {
  return items[Math.floor(Math.random() * items.length)] as Item;
}

/** What k6 gives to a journey. */
export const visit: Visit = {
  call: send,
  customer: customerToken,
  administrator: adminToken,
  account: () => pick(world().accounts),
  product: () => pick(world().catalogue),
  productToBuy: () => {
    const { goods } = world();
    return pick(Math.random() < HOT_SHARE ? goods.slice(0, HOT) : goods.slice(HOT));
  },
  productOnSale: () => world().sale.productId,
  word: () => pick(words),
  pick,
  newKey: () => crypto.randomUUID(),
};
