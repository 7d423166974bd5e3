import type { Scenario } from './scenarios.ts';

const words = ['kettle', 'lamp', 'chair', 'desk', 'cup', 'bag', 'clock', 'blue', 'oak', 'wool'];
const ok = { statuses: [200] };
const get = (action: string, path: string) => ({ action, method: 'GET', path });

export const browseScenarios: readonly Scenario[] = [
  {
    name: 'list',
    weight: 10,
    run: async ({ shop, random }) => {
      const sort = random.pick(['newest', 'price', '-price', 'popular']);
      await shop.call(get('list', `/v1/products?limit=20&sort=${sort}`), ok);
    },
  },
  {
    name: 'search',
    weight: 8,
    run: async ({ shop, random }) => {
      await shop.call(get('search', `/v1/products?limit=20&q=${random.pick(words)}`), ok);
    },
  },
  {
    name: 'product',
    weight: 14,
    run: async ({ shop, random, catalogue }) => {
      await shop.call(get('product', `/v1/products/${random.pick(catalogue)}`), ok);
    },
  },
  { name: 'categories', weight: 2, run: async ({ shop }) => void (await shop.call(get('categories', '/v1/categories'), ok)) },
];
