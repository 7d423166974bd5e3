import type { Logger } from '@emporium/telemetry';

/** What stops when: first the requests, then consumers and jobs, last the connections they all need. */
export type StopPhase = 'requests' | 'background' | 'stores';

interface StopStep {
  phase: StopPhase;
  name: string;
  stop: () => Promise<void> | void;
}

/** Longest time of each phase in milliseconds; together with the delay before them they stay under 15 s, half of Kubernetes' grace period. */
const budgetMs: Record<StopPhase, number> = { requests: 10_000, background: 8_000, stores: 2_000 };
const phases: readonly StopPhase[] = ['requests', 'background', 'stores'];

/** How a service ends: in order, within its time, once. */
export class Lifecycle {
  private readonly steps: StopStep[] = [];
  private ending: Promise<boolean> | undefined;

  constructor(
    private readonly logger: Logger,
    /** From now on `/ready` is 503, and this long later the phases begin. */
    private readonly delayMs = 0,
    private readonly totalMs = 14_000,
  ) {}

  /** True from the moment somebody asked the service to stop. */
  get stopping(): boolean {
    return this.ending !== undefined;
  }

  /** Steps of one phase run at once. */
  onStop(phase: StopPhase, name: string, stop: () => Promise<void> | void): void {
    this.steps.push({ phase, name, stop });
  }

  /** Resolves when everything has stopped: true if all of it did so in time and without error. Never rejects. A second call joins the first. */
  stop(reason: string, delayMs = this.delayMs): Promise<boolean> {
    this.ending ??= this.run(reason, delayMs);
    return this.ending;
  }

  private async run(reason: string, delayMs: number): Promise<boolean> {
    const endsAt = performance.now() + this.totalMs;
    this.logger.info('stopping', { reason });
    if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
    let clean = true;
    for (const [index, phase] of phases.entries()) {
      // Each later phase keeps at least a second for itself.
      const leftMs = Math.max(endsAt - performance.now() - 1000 * (phases.length - 1 - index), 500);
      const results = await Promise.all(
        this.steps.filter((step) => step.phase === phase).map((step) => this.runStep(step, Math.min(budgetMs[phase], leftMs))),
      );
      clean = results.every(Boolean) && clean;
    }
    this.logger.info('stopped', { reason, clean });
    return clean;
  }

  private async runStep({ phase, name, stop }: StopStep, withinMs: number): Promise<boolean> {
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
