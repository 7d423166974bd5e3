import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Told to people who have none. Nothing is downloaded behind their back. */
export const HOW_TO_GET_K6 = `k6 is not on the PATH, and K6_PATH names none. One of these brings it:
  brew install k6                      macOS; other systems: https://grafana.com/docs/k6/latest/set-up/install-k6/
  tools/load/k6/build.sh               builds the version this repository names into .data/bin/k6; needs Go
  docker run … grafana/k6:1.8.1        a container: name a script that calls it in K6_PATH (loadtests/README.md)`;

/** The k6 that is named, the one on the PATH, or the one that `tools/load/k6/build.sh` made. */
export function findK6(environment: NodeJS.ProcessEnv, built: string): string {
  const { K6_PATH: named, PATH: path = '' } = environment;
  if (named) {
    if (!isExecutable(named)) throw new Error(`K6_PATH is ${named}, and that cannot be run.`);
    return named;
  }
  const candidates = path.split(delimiter).filter((folder) => folder !== '');
  const found = [...candidates.map((folder) => join(folder, 'k6')), built].find(isExecutable);
  if (found === undefined) throw new Error(HOW_TO_GET_K6);
  return found;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false; // then the next place is looked at
  }
}
