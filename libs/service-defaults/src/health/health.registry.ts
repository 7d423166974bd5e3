import { regardlessOfDeadline } from '@emporium/telemetry';

/** One thing a service depends on, and how to find out whether it works. */
export interface HealthCheck {
  name: string;
  /** A required check that fails takes the service out of rotation; any other only shows. Asked after the check has run. */
  required: boolean | (() => boolean);
  /** Resolves when it works. Gets one second. */
  check: () => Promise<void> | void;
}

/** What a check found out. `error` and `durationMs` are for operators, not for the public. */
export interface CheckResult {
  name: string;
  required: boolean;
  status: 'up' | 'down';
  durationMs: number;
  error?: string;
}

/** The state of a service, as its probes tell it. */
export interface HealthReport {
  ready: boolean;
  checks: CheckResult[];
}

const timeoutMs = 1000;
/** Probes and impatient callers share one run of the checks. */
const freshForMs = 250;

/** Knows what the service depends on. Says nothing about liveness: a process whose dependencies are gone must not be restarted. */
export class HealthRegistry {
  private readonly checks = new Map<string, HealthCheck>();
  private latest: { at: number; report: Promise<HealthReport> } | undefined;

  /** A second check of the same name takes the place of the first. */
  register(check: HealthCheck): void {
    this.checks.set(check.name, check);
    this.latest = undefined;
  }

  /** Runs all checks at once; never rejects. A result may be up to 250 ms old. */
  report(): Promise<HealthReport> {
    if (this.latest === undefined || performance.now() - this.latest.at > freshForMs) {
      this.latest = { at: performance.now(), report: regardlessOfDeadline(() => this.run()) };
    }
    return this.latest.report;
  }

  private async run(): Promise<HealthReport> {
    const checks = await Promise.all([...this.checks.values()].map(runCheck));
    return { ready: checks.every(({ required, status }) => status === 'up' || !required), checks };
  }
}

async function runCheck({ name, required, check }: HealthCheck): Promise<CheckResult> {
  const startedAt = performance.now();
  const result = (status: 'up' | 'down') => ({
    name,
    required: typeof required === 'function' ? required() : required,
    status,
    durationMs: Math.round(performance.now() - startedAt),
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    await Promise.race([Promise.resolve().then(check), late]);
    return result('up');
  } catch (error) {
    return { ...result('down'), error: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
  }
}
