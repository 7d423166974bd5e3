// Makes the secrets of `docker compose up`, once: files in .data/compose/secrets that git and the image build do not see.
// Plain Node and nothing installed, so that it runs on a fresh clone. What is there already stays: the database knows it by now.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const SERVICES = ['gateway', 'user', 'product', 'order', 'payment'];
const WITH_DATABASE = SERVICES.slice(1);
const folder = process.argv[2] ?? join(import.meta.dirname, '../../.data/compose/secrets');

mkdirSync(folder, { recursive: true });
// The folder keeps other people out; the files are read in containers by users who do not exist here.
chmodSync(folder, 0o711);
const secret = (name, make) => {
  const file = join(folder, name);
  if (!existsSync(file)) {
    writeFileSync(file, `${make()}\n`, { mode: 0o444 });
    made += 1;
  }
  return readFileSync(file, 'utf8').trim();
};
const password = () => randomBytes(24).toString('base64url');
const jwk = (key, rest) => ({ ...key.export({ format: 'jwk' }), ...rest });
let made = 0;

secret('postgres-password', password);
const roles = secret('role-passwords', () =>
  WITH_DATABASE.flatMap((name) => [`${name}_owner ${password()}`, `${name}_app ${password()}`]).join('\n'),
);
for (const line of roles.split('\n')) {
  const [role, rolePassword] = line.split(' ');
  const database = `${role.split('_')[0]}_db`;
  secret(`${role.replace('_', '-')}-database-url`, () => `postgresql://${role}:${rolePassword}@postgres:5432/${database}`);
}

const redis = secret('redis.conf', () => `requirepass ${password()}`);
secret('redis-url', () => `redis://:${redis.split(' ')[1]}@redis:6379`);

secret('access-key', () => JSON.stringify(jwk(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey, { alg: 'ES256' })));
const publicKeys = SERVICES.map((name) => {
  const mark = { kid: name, alg: 'EdDSA', use: 'sig' };
  const key = secret(`${name}-token-key`, () => JSON.stringify(jwk(generateKeyPairSync('ed25519').privateKey, mark)));
  const { d: _private, ...publicKey } = JSON.parse(key);
  return publicKey;
});
secret('service-token-public-keys', () => JSON.stringify({ keys: publicKeys }));
secret('provider-key', () => `sk_test_${password()}`);
secret('provider-webhook-secret', () => `whsec_${password()}`);

process.stdout.write(`${made === 0 ? `All secrets are in ${folder} already.` : `Made ${made} secrets in ${folder}.`}\n`);
