import { Replicas } from '@emporium/local';
import type { Experiment, Trial } from '../experiment.ts';
import { pause, until } from '../schedule/pause.ts';
import type { World } from '../world/world.ts';

const RATE = 40;
/** So that every signal meets purchases, jobs and events half-way. */
const PROVIDER_LATENCY_MS = 150;
/** A platform that has just been started is slow for a moment; that is not the work of a restart. */
const WARM_UP_MS = 5_000;
const MOST_TO_EXIT_MS = 15_000;
const PATIENCE_MS = 60_000;
/** A replica with less than this of its pair's requests is left out of the work. */
const FAIR_SHARE = 0.2;

/** How people and supervisors end a process; a repeated signal changes nothing. */
const manners: readonly (readonly NodeJS.Signals[])[] = [['SIGTERM'], ['SIGTERM', 'SIGTERM'], ['SIGINT']];

const replicas = new Replicas();

export const rollingRestart: Experiment = {
  id: 'rolling-restart',
  title: 'two of each service: every process in turn is told to end under load, ends in order and comes back; no request fails',
  group: 'processes',
  trials: 1,
  platform: {
    links: 'none',
    // The delay is that of production: balancers have to notice, and clients to let go of what they do not use. Connections are used for a
    // third of the usual time, so that many of them come to their end under load.
    env: { SHUTDOWN_DELAY_MS: '5000', CONNECTION_AGE_MS: '10000' },
    adjust: replicas.adjust,
    furnish: async (platform) => ({ url: await replicas.join(platform), close: () => replicas.close(platform) }),
  },
  run: async (world, trial) => {
    const { load, witness, recorder } = world;
    witness.behave({ latencyMs: PROVIDER_LATENCY_MS });
    load.start({ rate: RATE });
    await pause(WARM_UP_MS, trial.signal);
    const [turnedAway, since] = [await replicas.turnedAway(), Date.now()];

    for (const name of trial.random.shuffled(replicas.names)) await restart(name, world, trial);
    await evenAgain(trial);
    await load.stop();

    const outcomes = recorder.chapter.outcomes.filter(({ at }) => at >= since);
    const failed = outcomes.filter(({ result }) => result !== 'ok');
    for (const { action, status, code, at } of failed) {
      trial.breach(
        `${action} was answered ${status ?? 'by the end of its connection'} ${code ?? ''} at ${new Date(at).toISOString()}`,
      );
    }
    trial.measure('requests', outcomes.length, 'requests');
    trial.measure('failed', failed.length, 'requests');
    trial.measure('connections nobody took', (await replicas.turnedAway()) - turnedAway, '');
  },
  limits: [
    { figure: 'failed', statistic: 'sum', atMost: 0 },
    { figure: 'signal to exit', statistic: 'max', atMost: MOST_TO_EXIT_MS },
    { figure: 'requests', statistic: 'sum', atLeast: 1_000 },
  ],
};

async function restart(name: string, { platform }: World, { random, signal, measure, breach, say }: Trial): Promise<void> {
  const pid = platform.pids()[name];
  const isGone = () => platform.pids()[name] !== pid;
  const signals = random.pick(manners);
  const began = performance.now();
  for (const each of signals) {
    if (isGone()) break;
    platform.kill(name, each);
    await pause(500, signal);
  }
  if ((await until(isGone, { patienceMs: PATIENCE_MS, everyMs: 10, signal })) === undefined)
    return breach(`${name} does not end`);
  const tookMs = performance.now() - began;
  measure('signal to exit', tookMs, 'ms');

  const back = await until(() => replicas.isReady(name), { patienceMs: PATIENCE_MS, signal });
  if (back === undefined) return breach(`${name} does not come back`);
  measure('exit to ready', back, 'ms');
  const how = platform.ends()[name];
  if (how !== 'exit code 0') breach(`${name} ended with ${how} after ${signals.join(', ')}`);
  say(`${name} ended after ${signals.join(', ')} in ${Math.round(tookMs)} ms, back after ${Math.round(back)} ms`);
}

/** Kept-alive connections stay with those who were there; as they grow old, those who came back get their share. */
async function evenAgain({ signal, measure, breach }: Trial): Promise<void> {
  const before = await servedByAll();
  const isEven = async () => leastShare(servedSince(before, await servedByAll())) >= FAIR_SHARE;
  const tookMs = await until(isEven, { patienceMs: PATIENCE_MS, everyMs: 1_000, signal });
  if (tookMs !== undefined) return measure('all replicas at work after', tookMs, 'ms');
  breach(`a replica has less than ${FAIR_SHARE * 100} % of the requests of its service a minute after the last restart`);
}

async function servedByAll(): Promise<Map<string, number>> {
  return new Map(await Promise.all(replicas.names.map(async (name) => [name, await replicas.served(name)] as const)));
}

function servedSince(before: ReadonlyMap<string, number>, now: ReadonlyMap<string, number>): Map<string, number> {
  return new Map([...now].map(([name, count]) => [name, count - (before.get(name) ?? 0)]));
}

function leastShare(served: ReadonlyMap<string, number>): number {
  const firsts = [...served].filter(([name]) => !name.endsWith('-2'));
  const shares = firsts.map(([name, one]) => {
    const other = served.get(`${name}-2`) ?? 0;
    return Math.min(one, other) / Math.max(1, one + other);
  });
  return Math.min(...shares);
}
