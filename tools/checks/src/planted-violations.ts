const repository = 'export const orders = 1;\n';
const use = (from: string) => `import { orders } from '${from}';\nexport const used = orders;\n`;
const lib = (name: string) => ({ [`libs/${name}/src/index.ts`]: repository });

/** Rule → files that break it, the one that does so first; the others are what it reaches for. */
export const plantedViolations: Record<string, Record<string, string>> = {
  'no-circular': {
    'libs/money/src/egg.ts': "import { hen } from './hen.ts';\nexport const egg = () => hen;\n",
    'libs/money/src/hen.ts': "import { egg } from './egg.ts';\nexport const hen = () => egg;\n",
  },
  'no-unresolvable': { 'libs/money/src/lost.ts': use('./nowhere.ts') },

  'no-service-imports-another': {
    'services/order/src/orders/neighbour.module.ts': use('../../../user/src/accounts/account.module.ts'),
    'services/user/src/accounts/account.module.ts': repository,
  },
  'no-lib-imports-a-service': { 'libs/events/src/upward.ts': use('../../../services/user/src/accounts/account.module.ts') },
  'nobody-imports-tools': {
    'libs/events/src/tools.ts': use('../../../tools/local/src/index.ts'),
    'tools/local/src/index.ts': repository,
  },
  'testing-in-specs-only': {
    'services/order/src/orders/tested.module.ts': use('../../../../libs/testing/src/index.ts'),
    ...lib('testing'),
  },
  'core-imports-core': { 'libs/money/src/stored.ts': use('../../postgres/src/index.ts'), ...lib('postgres') },
  'errors-import-nothing': { 'libs/errors/src/priced.ts': use('../../money/src/index.ts'), ...lib('money') },
  'base-imports-core': { 'libs/config/src/logged.ts': use('../../telemetry/src/index.ts'), ...lib('telemetry') },
  'io-imports-base': { 'libs/redis/src/stored.ts': use('../../postgres/src/index.ts') },
  'patterns-import-io': { 'libs/idempotency/src/worked.ts': use('../../jobs/src/index.ts'), ...lib('jobs') },
  'auth-imports-core': { 'libs/auth/src/stored.ts': use('../../postgres/src/index.ts') },
  'libs-by-their-front-door': { 'services/order/src/orders/inner.module.ts': use('../../../../libs/money/src/hen.ts') },

  'nest-in-services-and-glue': { 'libs/events/src/nest.ts': use('@nestjs/common') },
  'packages-of-libs-postgres': { 'libs/events/src/pg.ts': use('pg') },
  'packages-of-libs-redis': { 'libs/events/src/ioredis.ts': use('ioredis') },
  'packages-of-libs-http-client': { 'services/order/src/orders/opossum.module.ts': use('opossum') },
  'packages-of-libs-jobs': { 'services/order/src/orders/graphile.module.ts': use('graphile-worker') },
  'packages-of-libs-telemetry': { 'services/order/src/orders/winston.module.ts': use('winston') },
  'packages-of-libs-auth': { 'services/order/src/orders/jose.module.ts': use('jose') },
  'packages-of-services-payment-src-provider': { 'services/payment/src/refunds/refund.module.ts': use('stripe') },

  'main-only-starts': { 'services/order/src/main.ts': use('./orders/order.service.ts') },
  'doors-go-through-the-service': {
    'services/order/src/orders/order.controller.ts': use('./order.repository.ts'),
    'services/order/src/orders/order.repository.ts': repository,
  },
  'doors-know-no-database': { 'services/order/src/orders/order.consumer.ts': use('../../../../libs/postgres/src/index.ts') },
  'services-know-no-door': {
    'services/order/src/orders/order.service.ts': use('./plain.controller.ts'),
    'services/order/src/orders/plain.controller.ts': repository,
  },
  'rules-are-pure': { 'services/order/src/orders/order.ts': use('@nestjs/common') },
  'errors-know-no-rules': {
    'services/order/src/orders/order.errors.ts': use('./line.ts'),
    'services/order/src/orders/line.ts': repository,
  },
  'repositories-know-rows-only': { 'services/order/src/orders/line.repository.ts': use('./order.repository.ts') },
  'clients-know-no-service': {
    'services/order/src/orders/product.client.ts': use('./plain.service.ts'),
    'services/order/src/orders/plain.service.ts': repository,
  },
  'features-meet-in-services': { 'services/order/src/carts/cart.service.ts': use('../orders/order.repository.ts') },
};
