import { join } from 'node:path';

/** Where `tools/load/k6/build.sh` puts it. */
export const builtK6 = (root: string): string => join(root, '.data/bin/k6');

export const profilesFolder = (root: string): string => join(root, 'loadtests/profiles');
