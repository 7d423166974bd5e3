import type { Experiment, Trial } from './experiment.ts';
import { Figures } from './figures.ts';
import type { Evidence } from './invariants/evidence.ts';
import { violationsOf } from './invariants/index.ts';
import { OwnDelay } from './report/own-delay.ts';
import type { ExperimentResult } from './report/result.ts';
import type { Random } from './schedule/random.ts';
import type { Chapter } from './shop/recorder.ts';
import { gather, settle } from './world/closing.ts';
import type { World } from './world/world.ts';

export interface Conduct {
  readonly trials: number;
  /** How long everything may take to come to rest, instead of the promised minute. */
  readonly patienceMs?: number | undefined;
  readonly random: Random;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/** Runs the trials of one experiment, brings everything to rest, and looks whether all that must hold does. Throws only when it is aborted. */
export async function conduct(experiment: Experiment, world: World, options: Conduct): Promise<ExperimentResult> {
  const { trials, signal, random } = options;
  const began = performance.now();
  const figures = new Figures();
  const chapter = world.recorder.begin();
  world.load.reseed(random.fork('load'));
  world.witness.forgetEvents();
  const delay = new OwnDelay();
  const errors = await runTrials(experiment, world, options, figures);
  figures.add('suite late by', delay.stop(), 'ms');
  const evidence = await closeBooks(world, chapter, figures, options).catch((error: unknown) => {
    errors.push(inWords(error));
    return undefined;
  });
  signal.throwIfAborted();
  for (const text of [...errors, ...figures.beyond(experiment.limits ?? [])]) chapter.breaches.push({ rule: 'experiment', text });
  const violations = violationsOf(evidence ?? { ...nothing, breaches: chapter.breaches });
  return {
    id: experiment.id,
    title: experiment.title,
    group: experiment.group,
    trials,
    requests: chapter.counts(),
    orders: new Set(chapter.purchases.map(({ orderId }) => orderId).filter((id) => id !== undefined)).size,
    figures: figures.all(),
    violations,
    held: violations.length === 0,
    tookMs: performance.now() - began,
  };
}

/** Of a platform that could not be looked at any more. */
const nothing: Evidence = {
  orders: [],
  payments: [],
  ledger: [],
  stock: [],
  charges: [],
  purchases: [],
  readings: [],
  breaches: [],
  settled: { tookMs: 0, left: [] },
};

const inWords = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));

async function runTrials(experiment: Experiment, world: World, options: Conduct, figures: Figures): Promise<string[]> {
  const { trials, random, signal, say } = options;
  const later: Promise<unknown>[] = [];
  const errors: string[] = [];
  const note = (error: unknown) => void errors.push(inWords(error));
  try {
    await world.people.renew(signal);
    for (let number = 1; number <= trials && !signal.aborted; number += 1) {
      const trial: Trial = {
        number,
        of: trials,
        random: random.fork(`trial-${number}`),
        shared: random.fork('shared'),
        signal,
        measure: (figure, value, unit) => figures.add(figure, value, unit),
        breach: (text) => world.recorder.chapter.breaches.push({ rule: 'experiment', text }),
        later: (work) => void later.push(work.catch(note)),
        say: (text) => say(`${number}/${trials} ${text}`),
      };
      await experiment.run(world, trial);
    }
  } catch (error) {
    note(error);
  }
  await Promise.all(later);
  return errors;
}

/** The load ends, faults are healed, customers get their answers, and the promised minute begins. */
async function closeBooks(
  world: World,
  chapter: Chapter,
  figures: Figures,
  rest: Pick<Conduct, 'signal' | 'patienceMs'>,
): Promise<Evidence> {
  rest.signal.throwIfAborted();
  figures.add('ready after healing', await world.heal(rest.signal), 'ms');
  const healedAt = performance.now();
  await world.load.stop();
  const settled = await settle(world, chapter.since, healedAt, rest);
  figures.add('all terminal after', settled.tookMs, 'ms');
  return gather(world, chapter, settled);
}
