import type { PlantedBug } from './planted-bug.ts';

export const floatMoney: PlantedBug = {
  id: 'float-money',
  title: 'A line is added up in euros and turned back into cents: 1.15 € is 114.99999999999999 cents, and becomes 114.',
  replacements: [
    {
      file: 'libs/money/src/money.ts',
      old: `
  return money(price.amount * count, price.currency);`,
      new: `
  return money(Math.trunc((price.amount / 100) * count * 100), price.currency);`,
    },
  ],
  experiments: ['awkward-prices'],
  rules: ['experiment'],
};
