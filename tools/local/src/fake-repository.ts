import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SERVICES } from './ports-of-platform.ts';

/** For specs: a repository of tiny services that answer with their environment, so that the runner is tested without the real ones. */
export function fakeRepository(root: string, realRoot: string): void {
  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  };
  write('node_modules/@emporium/telemetry/package.json', '{"type":"module","exports":{"./register":"./register.js"}}');
  write('node_modules/@emporium/telemetry/register.js', '');
  for (const name of [...SERVICES.map((service) => `services/${service}`), 'tools/stripe-simulator']) {
    write(`${name}/package.json`, '{"type":"module"}');
    write(`${name}/dist/main.js`, SERVICE);
  }
  for (const name of ['user', 'product', 'order', 'payment']) {
    write(`services/${name}/dist/migrate.js`, recorder('migrate'));
    write(`services/${name}/migrations/0001.sql`, 'select 1');
  }
  for (const name of ['user', 'product']) write(`services/${name}/dist/seed.js`, recorder('seed'));
  mkdirSync(join(root, '.data'), { recursive: true });
  // A machine without Redis of its own keeps the one it fetched.
  symlinkSync(join(realRoot, '.data/redis'), join(root, '.data/redis'));
}

const SERVICE = `
import { createServer } from 'node:http';
const server = createServer((request, response) => response.end(request.url === '/environment' ? JSON.stringify(process.env) : 'ok'));
server.listen(Number(process.env.PORT), process.env.HOST);
process.once('SIGTERM', () => { server.close(() => process.exit(0)); server.closeAllConnections(); });
`;

/** Notes each run, with what it was told, in \`runs.jsonl\` of the repository. */
const recorder = (what: string) => `
import { appendFileSync } from 'node:fs';
import { basename } from 'node:path';
const { DATABASE_URL, APP_ROLE, SEED_ADMIN_PASSWORD } = process.env;
const service = basename(process.cwd());
appendFileSync('../../runs.jsonl', JSON.stringify({ what: '${what}', service, DATABASE_URL, APP_ROLE, SEED_ADMIN_PASSWORD }) + '\\n');
`;
