import { readFileSync } from 'node:fs';
import type { Profiler } from 'node:inspector';

interface Reply {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** Where a process that was started with `--inspect=127.0.0.1:0` can be reached; it says so in its log, anew at each start. */
export function inspectorUrlIn(log: string): string {
  const url = [...log.matchAll(/^Debugger listening on (ws:\S+)$/gm)].at(-1)?.[1];
  if (url === undefined) throw new Error('The process does not say where its inspector listens.');
  return url;
}

/** Takes CPU profiles of another process by V8's inspector. */
export class InspectorSession {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  #last = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => this.hear(JSON.parse(String(data)) as Reply));
    socket.addEventListener('close', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('The process has ended.'));
    });
  }

  static async open(logFile: string): Promise<InspectorSession> {
    const socket = new WebSocket(inspectorUrlIn(readFileSync(logFile, 'utf8')));
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve, { once: true });
      socket.addEventListener('error', () => reject(new Error('The inspector cannot be reached.')), { once: true });
    });
    return new InspectorSession(socket);
  }

  async startProfile(): Promise<void> {
    await this.send('Profiler.enable');
    await this.send('Profiler.start');
  }

  async stopProfile(): Promise<Profiler.Profile> {
    return ((await this.send('Profiler.stop')) as Profiler.StopReturnType).profile;
  }

  close(): void {
    this.#socket.close();
  }

  private send(method: string): Promise<unknown> {
    this.#last += 1;
    const waiting = Promise.withResolvers<unknown>();
    this.#waiting.set(this.#last, waiting);
    this.#socket.send(JSON.stringify({ id: this.#last, method }));
    return waiting.promise;
  }

  private hear({ id, result, error }: Reply): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiting?.resolve(result);
    else waiting?.reject(new Error(error.message));
  }
}
