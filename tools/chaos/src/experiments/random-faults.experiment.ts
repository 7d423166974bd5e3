import type { Experiment } from '../experiment.ts';
import { pause } from '../schedule/pause.ts';
import type { Random } from '../schedule/random.ts';
import type { LinkTarget } from '../world/links.ts';
import type { World } from '../world/world.ts';

type Fault = readonly [name: string, begin: (world: World, random: Random) => unknown];

const services = ['gateway', 'user', 'product', 'order', 'payment'] as const;
const targets: readonly LinkTarget[] = ['user', 'product', 'order', 'payment', 'postgres', 'redis', 'provider'];

/** Each is undone by healing the world. */
const faults: readonly Fault[] = [
  ['a service is killed', ({ processes }, random) => processes.kill(random.pick(services))],
  ['Postgres is killed', ({ processes }) => processes.kill('postgres')],
  ['Redis is killed', ({ processes }) => processes.kill('redis')],
  ['Redis hangs', ({ processes }) => processes.freeze('redis')],
  ['a link is cut', ({ links }, random) => links.between({ to: random.pick(targets) }).cut()],
  ['a link hangs', ({ links }, random) => links.between({ to: random.pick(targets) }).hang()],
  ['a link is slow', ({ links }, random) => links.between({ to: random.pick(targets) }).slow(random.integer(50, 1_500))],
  ['the provider is slow', ({ witness }, random) => witness.behave({ latencyMs: random.integer(100, 3_000) })],
  ['the provider fails', ({ witness }, random) => witness.behave({ failureRate: random.next(), failureStatus: 500 })],
  ['the provider loses replies', ({ witness }, random) => witness.behave({ lostReplyRate: random.next() })],
  ['webhooks are held', ({ witness }) => witness.sendWebhooks({ hold: true, duplicates: 2 })],
];

const AT_ONCE = 3;

export const randomFaults: Experiment = {
  id: 'random-faults',
  title: 'one to three faults at once, drawn by the seed, one draw after the other',
  group: 'random',
  trials: 10,
  smoke: 1,
  run: async (world, trial) => {
    const { random, signal } = trial;
    world.load.start({ rate: 15 });
    await pause(random.between(500, 1_500), signal);
    const drawn = random.shuffled(faults).slice(0, random.integer(1, AT_ONCE));
    trial.say(drawn.map(([name]) => name).join(', '));
    for (const [, begin] of drawn) {
      begin(world, random);
      await pause(random.between(0, 1_000), signal);
    }
    await pause(random.between(500, 4_000), signal);
    trial.measure('ready after healing each', await world.heal(signal), 'ms');
  },
};
