import { defineConfig } from 'vitest/config';

// Workspace packages resolve to their sources, so a test never runs against a stale build. No 'import' here: these conditions hold for
// require() too, and pg's require('pg-pool') would get an ES module.
const resolve = { conditions: ['@emporium/source', 'node', 'default'] };
const ssr = { resolve: { conditions: ['@emporium/source', 'node', 'default'] } };
const stores = ['tools/local/src/test-stores.setup.ts'];

export default defineConfig({
  test: {
    reporters: ['default'],
    coverage: {
      provider: 'v8',
      include: ['libs/*/src/**/*.ts', 'services/*/src/**/*.ts', 'tools/*/src/**/*.ts'],
      // What the fault suite does to a running platform is run by the fault suite itself, in a step of `npm test` of its own.
      // What starts a platform for k6 is run by the smoke profile, which every pull request has to pass.
      exclude: [
        ...['**/*.spec.ts', '**/index.ts', 'tools/chaos/src/{experiments,load,people,planted-bugs,world}/**'],
        // What is done to a cluster is run by `npm run test:cluster`.
        ...['tools/cluster/src/{cluster,experiments,inside,shop}/**', 'tools/cluster/src/{main,platform}.ts'],
        // What drives a container engine is run by `npm run test:containers`.
        'tools/containers/src/{command,engine,front-door,image,main,project,run}.ts',
        'tools/load/src/{main,run,generator/run-k6,world/place,world/shop,world/signer}.ts',
      ],
      reporter: ['text-summary', 'json-summary', 'html'],
      thresholds: { lines: 80, branches: 80 },
    },
    projects: [
      {
        resolve,
        ssr,
        test: {
          name: 'unit',
          include: ['{libs,services,tools}/*/src/**/*.spec.ts', 'loadtests/**/*.spec.ts'],
          exclude: ['**/*.int.spec.ts', '**/node_modules/**'],
          // The first import of a service's sources takes seconds on a busy machine.
          testTimeout: 20_000,
        },
      },
      {
        resolve,
        ssr,
        test: {
          name: 'int',
          include: ['{libs,services,tools}/*/src/**/*.int.spec.ts', 'services/*/test/**/*.e2e.spec.ts'],
          globalSetup: stores,
          testTimeout: 20_000,
          hookTimeout: 60_000,
        },
      },
      {
        resolve,
        ssr,
        test: {
          name: 'e2e',
          include: ['e2e/**/*.e2e.spec.ts'],
          globalSetup: ['e2e/platform.setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
