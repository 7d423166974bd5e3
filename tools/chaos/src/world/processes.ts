import type { Platform } from '@emporium/local';

/** Faults of processes. Whatever is done here is undone by `heal`. */
export class Processes {
  readonly #held = new Set<string>();
  readonly #frozen = new Set<string>();

  constructor(private readonly platform: Pick<Platform, 'kill' | 'hold' | 'release' | 'pids'>) {}

  /** kill -9, whatever the process is doing; it is started again at once. One that is just being started again is left to it. */
  kill(name: string): boolean {
    if (this.platform.pids()[name] === undefined) return false;
    this.platform.kill(name, 'SIGKILL');
    return true;
  }

  /** Ends it, by SIGKILL if not told otherwise, and keeps it down until `release`. */
  hold(name: string, signal?: NodeJS.Signals): void {
    this.platform.hold(name, signal);
    this.#held.add(name);
  }

  release(name: string): void {
    if (this.#held.delete(name)) this.platform.release(name);
  }

  /** It keeps its connections and answers nothing until `thaw`. */
  freeze(name: string): void {
    this.platform.kill(name, 'SIGSTOP');
    this.#frozen.add(name);
  }

  thaw(name: string): void {
    if (this.#frozen.delete(name)) this.platform.kill(name, 'SIGCONT');
  }

  heal(): void {
    for (const name of this.#frozen) this.thaw(name);
    for (const name of this.#held) this.release(name);
  }
}
