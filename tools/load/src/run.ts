import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { temporaryFolder } from '@emporium/local';
import type { Arguments } from './arguments.ts';
import { findK6 } from './generator/find-k6.ts';
import { inspect, versionOf } from './generator/inspect.ts';
import { runK6, THRESHOLDS_FAILED } from './generator/run-k6.ts';
import type { Moment } from './generator/watch.ts';
import { makeResult } from './make-result.ts';
import { machineWith } from './measure/machine.ts';
import { Sampler } from './measure/sampler.ts';
import type { Summary } from './measure/summary.ts';
import { builtK6, profilesFolder } from './places.ts';
import { percent } from './report/in-words.ts';
import { pageOf } from './report/page.ts';
import type { Result } from './report/result.ts';
import { openPlace } from './world/place.ts';

export interface Surroundings {
  readonly root: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

const SAMPLES = 300;

/** One run from nothing to its report. Throws when there is nothing to report. */
export async function runProfile(profile: string, wanted: Arguments, surroundings: Surroundings): Promise<Result> {
  const { root, environment, say, signal } = surroundings;
  const k6 = findK6(environment, builtK6(root));
  const size = sizeOf(wanted);
  const plan = await inspect(k6, profilesFolder(root), profile, size);
  const machine = machineWith(await versionOf(k6), root);
  const folder = await temporaryFolder('load');
  const keep = async () => say(`data and logs are kept in ${await keptFolder(folder.path)}`);
  try {
    const place = await openPlace({ wanted, environment, dataDir: folder.path, say, signal }, plan.seconds);
    try {
      const worldFile = join(folder.path, `world-${randomUUID()}.json`);
      await writeFile(worldFile, JSON.stringify(place.world), { mode: 0o600 });
      say(`${profile}: ${plan.rate} requests/s for ${plan.seconds} s, after a rise of ${plan.riseSeconds} s`);
      const startedAt = new Date();
      let generator: number | undefined;
      const pids = () => ({ ...place.pids(), ...(generator !== undefined && { k6: generator }) });
      const sampler = new Sampler(pids, Math.max(1_000, (1_000 * plan.seconds) / SAMPLES));
      const done = await runK6({
        ...{
          k6,
          script: join(profilesFolder(root), `${profile}.ts`),
          folder: folder.path,
          seconds: plan.riseSeconds + plan.seconds,
          signal,
        },
        env: { ...size, LOAD_WORLD: worldFile },
        onStart: (pid) => {
          generator = pid;
        },
        onMoment: (moment) => say(inWords(moment)),
      }).finally(() => sampler.stop());
      const samples = sampler.stop();
      const restarts = place.restarts();
      signal.throwIfAborted();
      const result = makeResult({
        ...{ profile, startedAt, machine, plan, target: wanted.target, settings: place.settings, samples, restarts },
        replicas: wanted.target === undefined ? wanted.replicas : undefined,
        data: wanted.data,
        summary: await summaryIn(done.summary, done.exitCode),
        recording: await readFile(done.recording, 'utf8'),
        isComplete: [0, THRESHOLDS_FAILED].includes(done.exitCode),
      });
      await write(result, resolve(root, wanted.out), say);
      return result;
    } finally {
      await place.close();
    }
  } finally {
    await (wanted.keep ? keep() : folder.remove());
  }
}

/** For `loadtests/lib/profile.ts`. */
function sizeOf({ rate, seconds }: Arguments): NodeJS.ProcessEnv {
  return {
    ...(rate !== undefined && { LOAD_RATE: String(rate) }),
    ...(seconds !== undefined && { LOAD_DURATION: String(seconds) }),
  };
}

async function summaryIn(file: string, exitCode: number): Promise<Summary> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) throw new Error(`k6 ended with ${exitCode} and has left no figures; what it said stands above.`);
  return JSON.parse(text) as Summary;
}

async function write(result: Result, folder: string, say: Surroundings['say']): Promise<void> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, result.profile);
  await writeFile(`${file}.json`, `${JSON.stringify(result, null, 2)}\n`);
  await writeFile(`${file}.html`, pageOf(result));
  say(`report ${file}.html, figures ${file}.json`);
}

/** Under its own name it would be cleared by the next program that looks for what killed runs have left. */
async function keptFolder(path: string): Promise<string> {
  const kept = join(dirname(path), `kept-${basename(path)}`);
  await rename(path, kept);
  return kept;
}

const inWords = ({ requests, rate, errorShare, visitors }: Moment): string =>
  `${String(Math.round(rate)).padStart(6)} requests/s, ${requests} in all, ${percent(errorShare)} errors, ${visitors} virtual users`;
