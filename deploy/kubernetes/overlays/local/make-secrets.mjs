// Makes the secrets of this overlay, once: the same kinds of keys as `npm start` makes. They stay in ./secrets, which git does not know.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SERVICES = ['gateway', 'user', 'product', 'order', 'payment'];
const WITH_DATABASE = ['user', 'product', 'order', 'payment'];

const folder = join(dirname(fileURLToPath(import.meta.url)), 'secrets');
if (existsSync(folder)) {
  process.stdout.write(`${folder} is there already; remove it, and the data with it, to begin anew.\n`);
  process.exit(0);
}

const password = () => randomBytes(24).toString('base64url');
const jwk = (key, more) => ({ ...key.export({ format: 'jwk' }), ...more });

const pairs = SERVICES.map((name) => ({ name, ...generateKeyPairSync('ed25519') }));
const serviceKey = (name, key) => jwk(key, { kid: name, alg: 'EdDSA', use: 'sig' });
const files = {
  'service-public-keys': {
    SERVICE_TOKEN_PUBLIC_KEYS: JSON.stringify({ keys: pairs.map(({ name, publicKey }) => serviceKey(name, publicKey)) }),
  },
  postgres: { POSTGRES_PASSWORD: password() },
};
for (const { name, privateKey } of pairs) {
  files[`${name}-keys`] = { SERVICE_TOKEN_KEY: JSON.stringify(serviceKey(name, privateKey)) };
}
files['user-keys'].JWT_PRIVATE_KEY = JSON.stringify(
  jwk(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey, { alg: 'ES256' }),
);
files['payment-keys'].PAYMENT_PROVIDER_KEY = 'sk_test_local';
files['payment-keys'].PAYMENT_WEBHOOK_SECRET = `whsec_${password()}`;
for (const name of WITH_DATABASE) {
  for (const [role, file] of [
    ['app', `${name}-database`],
    ['owner', `${name}-database-owner`],
  ]) {
    const secret = password();
    files.postgres[`${name.toUpperCase()}_${role.toUpperCase()}_PASSWORD`] = secret;
    files[file] = { DATABASE_URL: `postgresql://${name}_${role}:${secret}@postgres:5432/${name}_db` };
  }
}
const redis = password();
files.redis = { REDIS_PASSWORD: redis, REDIS_URL: `redis://:${redis}@redis:6379` };

mkdirSync(folder, { mode: 0o700 });
for (const [name, values] of Object.entries(files)) {
  const lines = Object.entries(values).map(([key, value]) => `${key}=${value}\n`);
  writeFileSync(join(folder, `${name}.env`), lines.join(''), { mode: 0o600 });
}
process.stdout.write(`${Object.keys(files).length} files of secrets are in ${folder}\n`);
