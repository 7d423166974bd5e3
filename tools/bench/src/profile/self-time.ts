import type { Profiler } from 'node:inspector';

export interface SelfTime {
  readonly name: string;
  readonly ms: number;
  /** Of the time in which the process did something. */
  readonly share: number;
}

/** Time spent in functions themselves, not in what they called, by what `nameOf` calls them; longest first. Idle time is left out. */
export function selfTimes(profile: Profiler.Profile, nameOf: (frame: CallFrame) => string): SelfTime[] {
  const frames = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame]));
  const times = new Map<string, number>();
  for (const [index, id] of (profile.samples ?? []).entries()) {
    const frame = frames.get(id);
    if (frame === undefined || frame.functionName === '(idle)') continue;
    const name = nameOf(frame);
    times.set(name, (times.get(name) ?? 0) + (profile.timeDeltas?.[index] ?? 0) / 1_000);
  }
  const busyMs = [...times.values()].reduce((sum, ms) => sum + ms, 0);
  return [...times].map(([name, ms]) => ({ name, ms, share: ms / busyMs })).toSorted((one, other) => other.ms - one.ms);
}

type CallFrame = Profiler.ProfileNode['callFrame'];

/** `(garbage collector)` and `(program)`, which is native code, are V8's own words. */
export function functionOf({ functionName, url, lineNumber }: CallFrame): string {
  const name = functionName === '' ? '(anonymous)' : functionName;
  return url === '' ? name : `${name}  ${fileOf(url)}:${lineNumber + 1}`;
}

export function packageOf({ functionName, url }: CallFrame): string {
  if (url === '') return functionName.startsWith('(') ? functionName : '(native)';
  if (url.startsWith('node:')) return 'node';
  const installed = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1];
  return installed ?? /\/((?:libs|services|tools)\/[^/]+)\//.exec(url)?.[1] ?? url;
}

function fileOf(url: string): string {
  return url.replace(/^.*\/node_modules\//, '').replace(/^file:\/\/.*\/(?=(?:libs|services|tools)\/)/, '');
}
