import type { Experiment } from '../experiment.ts';
import { Member } from '../people/member.ts';
import type { Person } from '../people/person.ts';
import { pause, until } from '../schedule/pause.ts';
import type { World } from '../world/world.ts';

/** The gateway asks for ended sessions every second. */
const PATIENCE_MS = 5_000;

const asks = (person: Person) => ({ action: 'ended-session', method: 'GET', path: '/v1/orders', as: person });

/** Whether the token is refused; before the session is known to have ended, it may still open. */
const isRefused = async ({ shop }: World, person: Person) =>
  (await shop.call(asks(person), { statuses: [200, 401] })).status === 401;

/** From here on nothing but a refusal will do. */
async function tryTheDoor(world: World, person: Person): Promise<void> {
  for (let tries = 0; tries < 10; tries += 1) {
    await world.shop.call(asks(person), { statuses: [401], closed: true });
    await pause(200);
  }
}

export const signedOutThenFlushed: Experiment = {
  id: 'signed-out-then-flushed',
  title: 'somebody signs out, Redis loses everything, and the gateway starts anew: his token stays shut out',
  group: 'stores',
  trials: 2,
  smoke: 1,
  run: async (world, trial) => {
    const member = await Member.register(world.shop);
    const token = await member.signOut();
    const leaver: Person = { id: member.id, token: () => token };
    const heardMs = await until(() => isRefused(world, leaver), { patienceMs: PATIENCE_MS, signal: trial.signal });
    if (heardMs === undefined) return trial.breach('a session that has ended is not refused after five seconds');
    trial.measure('refused after', heardMs, 'ms');

    // Redis keeps nothing on disk: after its death it is empty.
    world.processes.kill('redis');
    await tryTheDoor(world, leaver);
    world.processes.kill('gateway');
    await until(() => world.isReady(), { patienceMs: 30_000, signal: trial.signal });
    await tryTheDoor(world, leaver);
  },
};
