import { type ClientRequest, get } from 'node:http';
import { connect, type Socket } from 'node:net';

/** What one backend has seen so far. */
export interface BackendCounts {
  readonly ready: boolean;
  /** Connections open now. */
  readonly open: number;
  /** Connections given to it. */
  readonly given: number;
  /** Connections it refused. */
  readonly refused: number;
}

/** An answer that is late says that the machine is busy rather than that the process is gone: only this many in a row count. */
const SILENCES_THAT_COUNT = 3;
const PROBE_TIMEOUT_MS = 1_000;
const CONNECT_TIMEOUT_MS = 1_000;

/** One replica behind a balancer: whether it wants connections, and how many it has. */
export class Backend {
  ready = false;
  open = 0;
  /** Position in the order of picks, so that equals take turns. */
  lastPick = 0;
  private given = 0;
  private refused = 0;
  private silences = 0;
  private stopped = false;
  private timer: NodeJS.Timeout | undefined;
  private probe: ClientRequest | undefined;

  constructor(private readonly url: URL) {}

  get counts(): BackendCounts {
    return { ready: this.ready, open: this.open, given: this.given, refused: this.refused };
  }

  /** Asks `/ready` once before it resolves, and then again each `everyMs`. */
  async watch(everyMs: number): Promise<void> {
    this.judge(await this.ask());
    if (!this.stopped) this.timer = setTimeout(() => void this.watch(everyMs), everyMs);
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    this.probe?.destroy();
  }

  /** A new connection, or nothing when it is refused; then the backend is out until its readiness says otherwise. */
  async connect(): Promise<Socket | undefined> {
    this.open += 1;
    const socket = await open(this.url);
    if (socket === undefined) {
      this.open -= 1;
      this.refused += 1;
      this.ready = false;
      return undefined;
    }
    this.given += 1;
    socket.once('close', () => {
      this.open -= 1;
    });
    return socket;
  }

  private judge(answer: 'yes' | 'no' | 'silence'): void {
    this.silences = answer === 'silence' ? this.silences + 1 : 0;
    if (answer !== 'silence') this.ready = answer === 'yes';
    else if (this.silences >= SILENCES_THAT_COUNT) this.ready = false;
  }

  private ask(): Promise<'yes' | 'no' | 'silence'> {
    return new Promise((resolve) => {
      // A connection of its own each time, as a kubelet does: it asks the process, not an old acquaintance.
      const probe = get(new URL('/ready', this.url), { agent: false, timeout: PROBE_TIMEOUT_MS }, (answer) => {
        answer.resume();
        resolve(answer.statusCode === 200 ? 'yes' : 'no');
      });
      probe.on('timeout', () => {
        resolve('silence');
        probe.destroy();
      });
      probe.on('error', () => resolve('no'));
      this.probe = probe;
    });
  }
}

function open({ hostname: host, port }: URL): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(port), allowHalfOpen: true, noDelay: true, timeout: CONNECT_TIMEOUT_MS });
    const giveUp = () => {
      socket.destroy();
      resolve(undefined);
    };
    socket.once('timeout', giveUp).once('error', giveUp);
    socket.once('connect', () => {
      socket.off('timeout', giveUp).off('error', giveUp).setTimeout(0);
      resolve(socket);
    });
  });
}
