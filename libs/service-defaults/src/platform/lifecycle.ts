import type { Logger } from '@emporium/telemetry';

/**
 * What stops when. `intake` at once: no more jobs, messages and connections that stay, while requests may still come; it ends when what
 * was taken is done. Then the `requests`, then what both needed in the `background`, last the `stores`: connections.
 */
export type StopPhase = 'intake' | 'requests' | 'background' | 'stores';

interface StopStep {
  phase: StopPhase;
  name: string;
  stop: () => Promise<void> | void;
}

/** Longest time of each phase in milliseconds. */
const budgetMs: Record<StopPhase, number> = { intake: 12_000, requests: 10_000, background: 2_000, stores: 2_000 };
/** What each phase leaves of the whole time for those after it. */
const reserveMs: Record<StopPhase, number> = { intake: 2_000, requests: 2_000, background: 1_000, stores: 0 };

/** How a service ends: in order, within its time, once. */
export class Lifecycle {
  private readonly steps: StopStep[] = [];
  /** Steps of what was begun while its phase was running or over. */
  private readonly late: Promise<boolean>[] = [];
  private readonly begun = new Set<StopPhase>();
  private ending: Promise<boolean> | undefined;
  private endsAt = Number.POSITIVE_INFINITY;

  constructor(
    private readonly logger: Logger,
    /** From now on `/ready` is 503, and this long requests still come. */
    private readonly delayMs = 0,
    /** Half of Kubernetes' grace period, less the second that the last spans may take. */
    private readonly totalMs = 14_000,
  ) {}

  /** True from the moment somebody asked the service to stop. */
  get stopping(): boolean {
    return this.ending !== undefined;
  }

  /** Steps of one phase run at once. A step whose phase has begun already, because a start was cut short, runs now. */
  onStop(phase: StopPhase, name: string, stop: () => Promise<void> | void): void {
    const step = { phase, name, stop };
    if (this.begun.has(phase)) this.late.push(this.runStep(step));
    else this.steps.push(step);
  }

  /** Resolves when everything has stopped: true if all of it did so in time and without error. Never rejects. A second call joins the first. */
  stop(reason: string, delayMs = this.delayMs): Promise<boolean> {
    this.ending ??= this.run(reason, delayMs);
    return this.ending;
  }

  private async run(reason: string, delayMs: number): Promise<boolean> {
    this.endsAt = performance.now() + this.totalMs;
    this.logger.info('stopping', { reason });
    const intake = this.runPhase('intake');
    if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
    const requests = this.runPhase('requests');
    const clean = [await intake, await requests, await this.runPhase('background'), ...(await Promise.all(this.late))];
    clean.push(await this.runPhase('stores'));
    this.logger.info('stopped', { reason, clean: clean.every(Boolean) });
    return clean.every(Boolean);
  }

  private async runPhase(phase: StopPhase): Promise<boolean> {
    this.begun.add(phase);
    const results = await Promise.all(this.steps.filter((step) => step.phase === phase).map((step) => this.runStep(step)));
    return results.every(Boolean);
  }

  private async runStep({ phase, name, stop }: StopStep): Promise<boolean> {
    const leftMs = Math.max(this.endsAt - performance.now() - reserveMs[phase], 500);
    const withinMs = Math.min(budgetMs[phase], leftMs);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`not done within ${Math.round(withinMs)} ms`)), withinMs);
    });
    try {
      await Promise.race([Promise.resolve().then(stop), late]);
      return true;
    } catch (error) {
      this.logger.error('could not stop cleanly', { phase, step: name, error });
      return false;
    } finally {
      clearTimeout(timer);
    }
  }
}
