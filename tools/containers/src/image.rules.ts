import type { Image } from './image.ts';

const MEGABYTE = 1_000_000;
const LABELS = ['title', 'description', 'version', 'revision', 'licenses', 'base.name'];

export interface LockFile {
  readonly packages: Readonly<Record<string, { readonly dev?: boolean; readonly devOptional?: boolean } | undefined>>;
}

/** What is wrong with how an image is set up, each in words. */
export function wrongWithConfig({ config, inside }: Image): string[] {
  const wrong: string[] = [];
  if (!/^[1-9]\d*:[1-9]\d*$/.test(config.User)) wrong.push(`its user is "${config.User}", not a number other than root's`);
  if (inside.uid === 0) wrong.push('a process in it runs as root');
  if (config.StopSignal !== 'SIGTERM') wrong.push(`its stop signal is ${config.StopSignal}`);
  if (config.Healthcheck?.Test[1] !== '/usr/local/bin/node') wrong.push('its health check is not run by node itself');
  for (const label of LABELS) {
    if (!config.Labels?.[`org.opencontainers.image.${label}`]) wrong.push(`it lacks the label ${label}`);
  }
  for (const path of inside.written) wrong.push(`${path} can be written to under a read-only root`);
  for (const path of inside.shells) wrong.push(`it has a shell, ${path}`);
  return wrong;
}

/** Packages in an image that the lock file does not name for production. */
export function strangePackages({ inside }: Image, lock: LockFile): string[] {
  return inside.packages.flatMap((path) => {
    const locked = lock.packages[path];
    if (locked === undefined) return [`${path} is not in package-lock.json`];
    return locked.dev || locked.devOptional ? [`${path} is for development`] : [];
  });
}

export function tooLarge({ bytes, inside }: Image, limits: { allMegabytes: number; ownMegabytes: number }): string[] {
  const all = bytes / MEGABYTE;
  const own = inside.ownBytes / MEGABYTE;
  return [
    ...(all > limits.allMegabytes ? [`it has ${all.toFixed(0)} MB, more than ${limits.allMegabytes}`] : []),
    ...(own > limits.ownMegabytes ? [`${own.toFixed(1)} MB of it are ours, more than ${limits.ownMegabytes}`] : []),
  ];
}
