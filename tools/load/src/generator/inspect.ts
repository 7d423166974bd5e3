import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What a profile says of itself: `loadtests/lib/profile.ts`. */
export interface Plan {
  readonly rate: number;
  /** Before `seconds`, and not judged. */
  readonly riseSeconds: number;
  readonly seconds: number;
  readonly mix: Readonly<Record<string, number>>;
  readonly findsLimit: boolean;
}

export const profilesIn = (folder: string): string[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.slice(0, -'.ts'.length))
    .toSorted();

/** Has k6 read a profile without running it. */
export async function inspect(k6: string, folder: string, profile: string, env: NodeJS.ProcessEnv): Promise<Plan> {
  const { stdout } = await run(k6, ['inspect', '--include-system-env-vars', join(folder, `${profile}.ts`)], {
    env: { ...process.env, ...env },
  });
  const { ext } = JSON.parse(stdout) as { ext?: { emporium?: Plan } };
  if (ext?.emporium === undefined) throw new Error(`The profile ${profile} does not say what it does.`);
  return ext.emporium;
}

export async function versionOf(k6: string): Promise<string> {
  return (await run(k6, ['version'])).stdout.trim().replace(/ \(.*$/, '');
}
