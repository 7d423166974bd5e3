import type { FastifyInstance } from 'fastify';
import type { Books } from './books.ts';
import { listPage, searchPage } from './lists.ts';
import { optionalText } from './parameters.ts';
import type { PaymentIntents } from './payment-intents.ts';
import type { Refunds } from './refunds.ts';
import type { StripeCall } from './stripe-call.ts';
import { noSuch } from './stripe-error.ts';

/** The part of Stripe's API that a shop uses to take and give back money. */
export function stripeRoutes(
  app: FastifyInstance,
  { books, intents, refunds, call }: { books: Books; intents: PaymentIntents; refunds: Refunds; call: StripeCall },
): void {
  const intentsUrl = '/v1/payment_intents';
  app.post(
    intentsUrl,
    call.handler('charge', (parameters) => intents.create(parameters)),
  );
  app.get(
    intentsUrl,
    call.handler('read', (parameters) => listPage(intentsUrl, books.intents.values(), parameters)),
  );
  app.get(
    `${intentsUrl}/search`,
    call.handler('read', (parameters) => searchPage(`${intentsUrl}/search`, books.intents.values(), parameters)),
  );
  app.get(
    `${intentsUrl}/:id`,
    call.handler('read', (_, id) => intents.get(id)),
  );
  app.post(
    `${intentsUrl}/:id/confirm`,
    call.handler('charge', (parameters, id) => intents.confirm(id, parameters)),
  );
  app.post(
    `${intentsUrl}/:id/cancel`,
    call.handler('charge', (parameters, id) => intents.cancel(id, parameters)),
  );

  app.get(
    '/v1/charges',
    call.handler('read', (parameters) => {
      const intent = optionalText(parameters, 'payment_intent');
      const charges = [...books.charges.values()].filter((charge) => intent === undefined || charge.payment_intent === intent);
      return listPage('/v1/charges', charges, parameters);
    }),
  );
  app.get(
    '/v1/charges/:id',
    call.handler('read', (_, id) => {
      const charge = books.charges.get(id);
      if (charge === undefined) throw noSuch('charge', id, 'id');
      return charge;
    }),
  );

  app.post(
    '/v1/refunds',
    call.handler('refund', (parameters) => refunds.create(parameters)),
  );
  app.get(
    '/v1/refunds',
    call.handler('read', (parameters) => {
      const intent = optionalText(parameters, 'payment_intent');
      const charge = optionalText(parameters, 'charge');
      const found = [...books.refunds.values()].filter(
        (refund) =>
          (intent === undefined || refund.payment_intent === intent) && (charge === undefined || refund.charge === charge),
      );
      return listPage('/v1/refunds', found, parameters);
    }),
  );
  app.get(
    '/v1/refunds/:id',
    call.handler('read', (_, id) => refunds.get(id)),
  );
}
