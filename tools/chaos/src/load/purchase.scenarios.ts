import type { Item } from '../invariants/evidence.ts';
import type { Customer } from '../shop/customer.ts';
import type { Scenario, Scene } from './scenarios.ts';

const basket = ({ random, products }: Scene): Item[] =>
  random
    .shuffled(products)
    .slice(0, random.integer(1, 3))
    .map((productId) => ({ productId, quantity: random.integer(1, 2) }));

const asCustomer = (visit: (customer: Customer, scene: Scene) => Promise<void>) => async (scene: Scene) => {
  const customer = scene.people.borrow();
  await visit(customer, scene);
  scene.people.giveBack(customer);
};

export const purchaseScenarios: readonly Scenario[] = [
  {
    name: 'checkout',
    weight: 20,
    run: asCustomer(async (customer, scene) => {
      const { orderId, state } = await customer.buy(basket(scene));
      if (state === 'accepted' && orderId !== undefined && scene.random.chance(0.5)) await customer.order(orderId);
    }),
  },
  {
    name: 'checkout-declined',
    weight: 3,
    run: asCustomer(async (customer, scene) => void (await customer.buy(basket(scene), { card: 'pm_card_chargeDeclined' }))),
  },
  {
    name: 'checkout-cart',
    weight: 4,
    run: asCustomer(async (customer, scene) => {
      if ((await customer.clearCart()).result !== 'ok') return;
      for (const { productId, quantity } of basket(scene)) {
        if ((await customer.put(productId, quantity)).result !== 'ok') return;
      }
      await customer.buyCart();
    }),
  },
  {
    name: 'checkout-cancel',
    weight: 4,
    run: asCustomer(async (customer, scene) => {
      const { orderId, status } = await customer.buy(basket(scene));
      if (status === 201 && orderId !== undefined) await customer.cancel(orderId);
    }),
  },
  {
    name: 'cart',
    weight: 6,
    run: asCustomer(async (customer, scene) => {
      await customer.clearCart();
      for (const { productId, quantity } of basket(scene)) await customer.put(productId, quantity);
      await customer.cart();
    }),
  },
  {
    name: 'orders',
    weight: 8,
    run: asCustomer(async (customer, { random }) => {
      const known = customer.accepted.map(({ orderId }) => orderId).filter((id) => id !== undefined);
      if (known.length > 0 && random.chance(0.5)) await customer.order(random.pick(known));
      else await customer.orders();
    }),
  },
];
