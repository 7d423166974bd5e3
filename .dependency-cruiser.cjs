// What may import what: docs/style.md, section 4. `tools/checks/src/boundaries.spec.ts` plants one violation of each rule.
// Type imports count too, except where a rule says so by `dependencyTypesNot`.

const SPEC = '\\.spec\\.ts$|^services/[^/]+/test/|^e2e/|^libs/([^/]+/test|testing)/';
const libs = (...names) => `^libs/(${names.join('|')})/`;
const packages = (...names) => `(^|node_modules/)(${names.join('|')})(/|$)`;

const core = ['errors', 'money', 'contracts', 'admission'];
const base = ['config', 'telemetry'];
const io = ['postgres', 'redis', 'http-client', 'settings'];
const patterns = ['events', 'jobs', 'idempotency', 'auth'];
const glue = ['service-defaults'];

const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

/** A package has one home; everybody else goes through that home's own interface. Specs may look behind it. */
const onlyIn = (home, names) =>
  forbid(
    `packages-of-${home.replaceAll('/', '-')}`,
    `${names.join(', ')}: only in ${home}`,
    { path: '^(libs|services|tools)/', pathNot: [`^${home}/`, SPEC] },
    { path: packages(...names) },
  );

const betweenProjects = [
  forbid(
    'no-service-imports-another',
    'Services meet on the wire, through libs/contracts.',
    { path: '^services/([^/]+)/' },
    { path: '^services/', pathNot: '^services/$1/' },
  ),
  forbid('no-lib-imports-a-service', 'Libs know no service.', { path: '^libs/' }, { path: '^(services|e2e)/' }),
  forbid(
    'nobody-imports-tools',
    'Tools are for people; specs may use the payment simulator.',
    { path: '^(libs|services)/', pathNot: SPEC },
    { path: '^tools/' },
  ),
  forbid(
    'testing-in-specs-only',
    'libs/testing is for *.spec.ts, test/, e2e/ and the fault suite.',
    { path: '^(libs|services|tools)/', pathNot: [SPEC, '^tools/chaos/'] },
    { path: libs('testing') },
  ),
  forbid(
    'core-imports-core',
    'Core: no I/O, no framework.',
    { path: libs(...core), pathNot: SPEC },
    { path: '^libs/', pathNot: libs(...core) },
  ),
  forbid(
    'errors-import-nothing',
    'errors is the lowest of the core.',
    { path: libs('errors'), pathNot: SPEC },
    { path: '^libs/', pathNot: libs('errors') },
  ),
  forbid(
    'base-imports-core',
    'A lib imports rungs below it, never sideways.',
    { path: `^libs/(${base.join('|')})/`, pathNot: SPEC },
    { path: '^libs/', pathNot: ['^libs/$1/', libs(...core)] },
  ),
  forbid(
    'io-imports-base',
    'A lib imports rungs below it, never sideways.',
    { path: `^libs/(${io.join('|')})/`, pathNot: SPEC },
    { path: '^libs/', pathNot: ['^libs/$1/', libs(...core, ...base)] },
  ),
  forbid(
    'patterns-import-io',
    'A lib imports rungs below it, never sideways: no pattern imports another.',
    { path: `^libs/(${patterns.join('|')})/`, pathNot: SPEC },
    { path: '^libs/', pathNot: ['^libs/$1/', libs(...core, ...base, ...io)] },
  ),
  forbid(
    'auth-imports-core',
    'auth signs, verifies and hashes; it reaches no outside system.',
    { path: libs('auth'), pathNot: SPEC },
    { path: '^libs/', pathNot: libs('auth', ...core) },
  ),
  forbid(
    'libs-by-their-front-door',
    'A lib offers its index (contracts: one per owner; telemetry also register; testing also tcp-proxy, which needs no test runner).',
    { path: '^(libs|services|tools|e2e)/([^/]+)/' },
    {
      path: '^libs/',
      pathNot: [
        '^$1/$2/',
        '^libs/[^/]+/src/index\\.ts$',
        '^libs/contracts/src/[^/]+/index\\.ts$',
        '^libs/telemetry/src/register\\.ts$',
        '^libs/testing/src/tcp-proxy\\.ts$',
      ],
    },
  ),
];

const packagesAtHome = [
  forbid(
    'nest-in-services-and-glue',
    'Only services and service-defaults know NestJS.',
    { path: '^(libs|tools)/', pathNot: [libs(...glue), SPEC] },
    { path: packages('@nestjs') },
  ),
  onlyIn('libs/postgres', ['pg', 'node-pg-migrate', 'sql-template-tag']),
  onlyIn('libs/redis', ['ioredis']),
  onlyIn('libs/http-client', ['undici', 'opossum']),
  onlyIn('libs/jobs', ['graphile-worker']),
  onlyIn('libs/telemetry', ['winston', 'prom-client', '@opentelemetry']),
  onlyIn('libs/auth', ['jose', '@node-rs/argon2']),
  onlyIn('services/payment/src/provider', ['stripe']),
];

/** `order.service.ts` has the role `service`; `order.ts` has none and holds the rules. */
const role = (...names) => `^services/[^/]+/src/.+\\.(${names.join('|')})\\.ts$`;
// Not the rules of anything: `seed` is a command of its own, `http` is what several doors share.
const DOMAIN = '^services/(user|product|order|payment)/src/(?!seed/|http/)[^/]+/[^/.]+\\.ts$';

const insideAService = [
  forbid(
    'main-only-starts',
    'main.ts: configuration, the module, the start.',
    { path: '^services/[^/]+/src/main\\.ts$' },
    { pathNot: ['^services/[^/]+/src/(config|app\\.module)\\.ts$', libs('service-defaults')] },
  ),
  forbid(
    'doors-go-through-the-service',
    'Controllers and consumers call their service; they know no repository and no client.',
    { path: role('controller', 'consumer') },
    { path: role('repository', 'client') },
  ),
  forbid(
    'doors-know-no-database',
    'Controllers and consumers open nothing; a consumer may name the Transaction it is given.',
    { path: role('controller', 'consumer') },
    { path: libs('postgres'), dependencyTypesNot: ['type-only'] },
  ),
  forbid(
    'services-know-no-door',
    'The story does not know who asks.',
    { path: role('service') },
    { path: role('controller', 'consumer') },
  ),
  forbid(
    'rules-are-pure',
    'noun.ts: no framework, no I/O, no contracts.',
    { path: DOMAIN, pathNot: SPEC },
    { path: [packages('@nestjs', 'fastify'), libs('contracts', ...io, 'events', 'jobs', 'idempotency', ...glue)] },
  ),
  forbid(
    'errors-know-no-rules',
    '*.errors.ts imports @emporium/errors and types; that keeps the graph free of cycles.',
    { path: role('errors') },
    { path: '^(services|libs)/', pathNot: [libs('errors'), role('errors')], dependencyTypesNot: ['type-only'] },
  ),
  forbid(
    'repositories-know-rows-only',
    'A repository calls no service and no other repository.',
    { path: role('repository') },
    { path: role('service', 'repository', 'controller', 'consumer') },
  ),
  forbid(
    'clients-know-no-service',
    'A client offers what we need; it calls nobody of us.',
    { path: role('client') },
    { path: role('service', 'repository', 'controller') },
  ),
  forbid(
    'features-meet-in-services',
    "Another feature's repository is its own; only wiring may name it.",
    { path: '^services/([^/]+)/src/([^/]+)/', pathNot: ['\\.module\\.ts$', '^services/[^/]+/src/seed/', SPEC] },
    { path: '^services/$1/src/[^/]+/.*\\.repository\\.ts$', pathNot: '^services/$1/src/$2/' },
  ),
];

module.exports = {
  forbidden: [
    forbid(
      'no-circular',
      'A circle has no beginning to read from. One closed by a type alone is gone when the program runs.',
      {},
      { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    ),
    // k6 brings its modules itself.
    forbid('no-unresolvable', 'The import leads nowhere.', { pathNot: [SPEC, '^tools/cluster/k6/'] }, { couldNotResolve: true }),
    ...betweenProjects,
    ...packagesAtHome,
    ...insideAService,
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|coverage)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@emporium/source', 'import', 'node', 'default'],
      extensions: ['.ts', '.mjs', '.js', '.cjs', '.json'],
    },
  },
};
