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

/** Runs the trials of one experiment, brings everything to rest, and looks whether all that must hold does. */
export async function conduct(experiment: Experiment, world: World, options: Conduct): Promise<ExperimentResult> {
  const { trials, signal, patienceMs } = options;
  const began = performance.now();
  const figures = new Figures();
  const delay = new OwnDelay();
  await world.people.renew(signal);
  const chapter = world.recorder.begin();
  const errors = await runTrials(experiment, world, options, figures);
  figures.add('suite late by', delay.stop(), 'ms');
  signal.throwIfAborted();
  const evidence = await closeBooks(world, chapter, figures, { signal, patienceMs });
  for (const text of [...errors, ...figures.beyond(experiment.limits ?? [])]) chapter.breaches.push({ rule: 'experiment', text });
  const violations = violationsOf(evidence);
  return {
    id: experiment.id,
    title: experiment.title,
    group: experiment.group,
    trials,
    requests: chapter.counts(),
    orders: evidence.orders.length,
    figures: figures.all(),
    violations,
    held: violations.length === 0,
    tookMs: performance.now() - began,
  };
}

async function runTrials(experiment: Experiment, world: World, options: Conduct, figures: Figures): Promise<string[]> {
  const { trials, random, signal, say } = options;
  const later: Promise<unknown>[] = [];
  const errors: string[] = [];
  const note = (error: unknown) => {
    errors.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
  };
  try {
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
  figures.add('ready after healing', await world.heal(rest.signal), 'ms');
  const healedAt = performance.now();
  await world.load.stop();
  const settled = await settle(world, chapter.since, healedAt, rest);
  figures.add('all terminal after', settled.tookMs, 'ms');
  return gather(world, chapter, settled);
}
