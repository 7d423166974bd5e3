import { createHash } from 'node:crypto';
import { verifyPassword } from '@emporium/auth';
import { Postgres, type Transaction } from '@emporium/postgres';
import { currentContext, regardlessOfDeadline } from '@emporium/telemetry';
import { Injectable } from '@nestjs/common';
import { normaliseEmail } from '../accounts/account.ts';
import { AttemptRepository } from './attempt.repository.ts';
import { admit, countFailure, secondsUntil } from './lockout.ts';
import { LockoutSettings } from './lockout-settings.ts';
import { signInLocked } from './sign-in.errors.ts';
import { signInMetrics } from './sign-in.metrics.ts';
import { SignInRepository } from './sign-in.repository.ts';
import type { Origin, SignIn } from './sign-in.ts';

/** A password somebody claims to know. `passwordHash` is undefined when there is no such account: the check takes as long. */
export interface Guess {
  readonly email: string;
  readonly password: string;
  readonly passwordHash: string | undefined;
  readonly accountId: string | undefined;
  readonly origin: Origin;
}

/** Checks passwords, slows guessing down, and keeps the audit. */
@Injectable()
export class SignInService {
  constructor(
    private readonly postgres: Postgres,
    private readonly attempts: AttemptRepository,
    private readonly signIns: SignInRepository,
    private readonly lockout: LockoutSettings,
  ) {}

  /** Whether the password is right. Raises 'sign-in-locked' (429) without looking at it after too many wrong ones. */
  async check(guess: Guess): Promise<boolean> {
    const emailHash = hashOf(guess.email);
    const probing = await this.enter(emailHash);
    const { deadline } = currentContext() ?? {};
    const right = await verifyPassword(guess.passwordHash, guess.password, { deadline }).catch(async (error: unknown) => {
      // Nothing was guessed: whoever was turned away for lack of capacity or time need not wait for that.
      if (probing) await regardlessOfDeadline(() => this.leave(emailHash));
      throw error;
    });
    // A guess that comes too late for its answer has been made all the same.
    if (!right) await regardlessOfDeadline(() => this.fail(emailHash, guess));
    return right;
  }

  /** Belongs to the transaction that starts the session. */
  async succeed(tx: Transaction, email: string, signIn: Omit<SignIn, 'outcome' | 'emailHash'>): Promise<void> {
    const emailHash = hashOf(email);
    await this.attempts.forget(tx, emailHash);
    await this.signIns.insert(tx, { ...signIn, emailHash, outcome: 'succeeded' });
  }

  async tokenReused(tx: Transaction, signIn: Omit<SignIn, 'outcome'>): Promise<void> {
    await this.signIns.insert(tx, { ...signIn, outcome: 'token-reused' });
  }

  async purge(tx: Transaction, before: { attempts: Date; signIns: Date }, limit: number): Promise<number> {
    return (
      (await this.attempts.deleteBefore(tx, before.attempts, limit)) +
      (await this.signIns.deleteBefore(tx, before.signIns, limit))
    );
  }

  /** True when this guess is the one allowed before the next wait. */
  private async enter(emailHash: Buffer): Promise<boolean> {
    const seen = await this.attempts.find(this.postgres, emailHash);
    if (admit(seen, new Date(), this.lockout).kind === 'free') return false;

    return this.postgres.transaction(async (tx) => {
      const now = new Date();
      const attempts = await this.attempts.lock(tx, emailHash, now);
      const admission = admit(attempts, now, this.lockout);
      if (admission.kind === 'locked') throw signInLocked(secondsUntil(admission.until, now));
      if (admission.kind === 'free') return false;
      await this.attempts.save(tx, emailHash, { ...attempts, lastAttemptAt: now, lockedUntil: admission.lockedUntil });
      return true;
    });
  }

  private async leave(emailHash: Buffer): Promise<void> {
    await this.postgres.transaction(async (tx) => {
      const attempts = await this.attempts.lock(tx, emailHash, new Date());
      await this.attempts.save(tx, emailHash, { ...attempts, lockedUntil: undefined });
    });
  }

  private async fail(emailHash: Buffer, { accountId, origin }: Guess): Promise<void> {
    const locked = await this.postgres.transaction(async (tx) => {
      const at = new Date();
      const attempts = countFailure(await this.attempts.lock(tx, emailHash, at), at, this.lockout);
      await this.attempts.save(tx, emailHash, attempts);
      await this.signIns.insert(tx, { at, outcome: 'failed', accountId, emailHash, origin });
      if (attempts.lockedUntil !== undefined)
        await this.signIns.insert(tx, { at, outcome: 'locked', accountId, emailHash, origin });
      return attempts.lockedUntil !== undefined;
    });
    signInMetrics.happened('failed');
    if (locked) signInMetrics.happened('locked');
  }
}

const hashOf = (email: string) => createHash('sha256').update(normaliseEmail(email)).digest();
