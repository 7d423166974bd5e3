// furnish.mjs ADDRESS FILE: what the load test's visitors buy and who they are, written down as loadtests/lib/world.ts reads it.
// The work is tools/load's own; this only opens the shop's front door from inside the network.
import { writeFileSync } from 'node:fs';
import { furnish } from './furnish.ts';

const ACCOUNTS = 20;
const [address, file] = process.argv.slice(2);
const administrator = {
  email: 'admin@emporium.test',
  // biome-ignore lint/style/noProcessEnv: the seed takes the same variable.
  password: process.env.SEED_ADMIN_PASSWORD || 'emporium-admin-development',
};

const frontDoor = (token) => {
  const ask = async (path, options) => {
    const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const answer = await fetch(`${address}${path}`, {
      ...options,
      headers: { 'content-type': 'application/json', ...authorization },
    });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
    return answer.json();
  };
  return {
    url: address,
    as: frontDoor,
    get: (path) => ask(path),
    post: (path, body) => ask(path, { method: 'POST', body: JSON.stringify(body) }),
  };
};

const shop = frontDoor();
const { accessToken } = await shop.post('/v1/auth/login', administrator);
writeFileSync(file, JSON.stringify(await furnish({ shop, adminToken: accessToken, administrator, accounts: ACCOUNTS })));
