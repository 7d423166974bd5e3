import { z } from 'zod';

const rate = z.number().min(0).max(1);

/** Standing behaviour, for every call until it is changed. */
export const faultSettings = z.strictObject({
  latencyMs: z.int().min(0).max(600_000),
  failureRate: rate,
  failureStatus: z.int().min(400).max(599),
  lostReplyRate: rate,
  hangRate: rate,
  /** Does not count what it refunded of a charge before: then the shop's own check is all there is. */
  trusting: z.boolean(),
});
export type FaultSettings = z.infer<typeof faultSettings>;

/** One scripted fault; it is used up by the next `times` calls of its kind. */
export const scriptedFault = z.strictObject({
  fault: z.enum(['none', 'fail', 'lose-reply', 'hang', 'delay', 'late-reply', 'garbage', 'wrong-amount']),
  on: z.enum(['charge', 'refund', 'read', 'any']).default('any'),
  times: z.int().min(1).max(10_000).default(1),
  status: z.int().min(400).max(599).optional(),
  delayMs: z.int().min(0).max(600_000).optional(),
  acts: z.boolean().optional(),
});
export type ScriptedFault = z.infer<typeof scriptedFault>;

export type Operation = 'charge' | 'refund' | 'read';

/** What happens to one call: how long it takes, whether it acts, and what the caller hears. */
export interface Fault {
  readonly delayMs: number;
  /** How long the answer of what was done is held back; its webhooks are not. */
  readonly replyDelayMs: number;
  readonly acts: boolean;
  readonly answer: 'truth' | 'failure' | 'dropped' | 'never' | 'garbage';
  /** Takes one minor unit less than it is asked for. */
  readonly shortens: boolean;
  readonly status: number;
}

/** Decides what goes wrong: scripted faults first, then the standing rates. */
export class Faults {
  private script: ScriptedFault[] = [];
  settings: FaultSettings;

  constructor(private readonly defaults: FaultSettings) {
    this.settings = { ...defaults };
  }

  change(changes: Partial<FaultSettings>): void {
    this.settings = { ...this.settings, ...changes };
  }

  add(faults: readonly ScriptedFault[]): void {
    this.script.push(...faults.map((fault) => ({ ...fault })));
  }

  get pending(): readonly ScriptedFault[] {
    return this.script;
  }

  reset(): void {
    this.script = [];
    this.settings = { ...this.defaults };
  }

  take(operation: Operation, random: () => number = Math.random): Fault {
    const { latencyMs, failureStatus } = this.settings;
    const scripted = this.takeScripted(operation);
    const kind = scripted?.fault ?? this.roll(random);
    const isLateReply = kind === 'late-reply';
    const delayMs = isLateReply ? latencyMs : (scripted?.delayMs ?? latencyMs);
    const replyDelayMs = isLateReply ? (scripted?.delayMs ?? 0) : 0;
    const status = scripted?.status ?? failureStatus;
    const fault = { delayMs, replyDelayMs, status, shortens: kind === 'wrong-amount' };
    switch (kind) {
      case 'none':
      case 'delay':
      case 'late-reply':
      case 'wrong-amount':
        return { ...fault, acts: true, answer: 'truth' };
      case 'garbage':
        return { ...fault, acts: scripted?.acts ?? true, answer: 'garbage' };
      case 'fail':
        return { ...fault, acts: scripted?.acts ?? false, answer: 'failure' };
      case 'lose-reply':
        return { ...fault, acts: scripted?.acts ?? true, answer: 'dropped' };
      case 'hang':
        return { ...fault, acts: scripted?.acts ?? false, answer: 'never' };
    }
  }

  private takeScripted(operation: Operation): ScriptedFault | undefined {
    const found = this.script.find((fault) => fault.on === 'any' || fault.on === operation);
    if (found === undefined) return undefined;
    found.times -= 1;
    if (found.times === 0) this.script = this.script.filter((fault) => fault !== found);
    return found;
  }

  private roll(random: () => number): ScriptedFault['fault'] {
    const dice = random();
    const { failureRate, lostReplyRate, hangRate } = this.settings;
    if (dice < failureRate) return 'fail';
    if (dice < failureRate + lostReplyRate) return 'lose-reply';
    return dice < failureRate + lostReplyRate + hangRate ? 'hang' : 'none';
  }
}
