import { Slots } from '@emporium/admission';
import { hash, parseOptions, verify } from '@node-rs/argon2';
import { signInBusy, signInLate } from './auth.errors.ts';

/** OWASP's setting for argon2id: 19 MiB, two passes, one lane. `algorithm: 2` is argon2id. */
const parameters = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/**
 * A hash of random bytes nobody kept, made with the parameters above (a spec compares them): an unknown user costs as much as a known one.
 */
const dummyHash = '$argon2id$v=19$m=19456,t=2,p=1$eQkhpaes0VFD3zkmKjmTeQ$8eE44m1a3GKywa/2KsFiYuVvrOX4lGRq99+C+oxyBb4';

/** `concurrency`: hashes at the same time; `maxWaiting`: callers in line before the next is refused. */
export interface PasswordHasherOptions {
  concurrency?: number;
  maxWaiting?: number;
}

/** `deadline`: epoch milliseconds after which nobody waits for the answer. Who is still in line then leaves it unhashed. */
export interface HashingOptions {
  deadline?: number | undefined;
}

/** Hashes and checks passwords, a few at a time. Does not judge their strength or length. */
export interface PasswordHasher {
  /** Raises AppError `unavailable` / `sign-in-busy` when the line is full, `timeout` / `sign-in-late` when the deadline passes in it. */
  hashPassword(plain: string, options?: HashingOptions): Promise<string>;
  /** False for an undefined hash, after as much work as for a real one. Raises as `hashPassword`; a malformed hash is a plain Error. */
  verifyPassword(hash: string | undefined, plain: string, options?: HashingOptions): Promise<boolean>;
}

/**
 * Three hashes at once by default: hashing runs in libuv's four threads, beside signature checks, files and DNS. Measured on two
 * cores: an ES256 check takes 0.2 ms beside three hashes and 7 ms beside four. 100 callers wait: at 6 to 20 ms a hash the last one
 * has its answer within two seconds.
 */
export function createPasswordHasher({ concurrency = 3, maxWaiting = 100 }: PasswordHasherOptions = {}): PasswordHasher {
  const slots = new Slots({ size: concurrency, maxWaiting, full: signInBusy, late: signInLate });

  return {
    hashPassword: (plain, { deadline } = {}) => slots.run(() => hash(canonical(plain), parameters), deadline),

    verifyPassword: (stored, plain, { deadline } = {}) =>
      slots.run(async () => {
        const matches = await verify(stored ?? dummyHash, canonical(plain));
        return stored !== undefined && matches;
      }, deadline),
  };
}

/** One keyboard writes é as one character, another as two: NFKC makes them the same password (NIST SP 800-63B-4). */
const canonical = (plain: string): string => plain.normalize('NFKC');

/** Whether a hash was made with other parameters than today's, and should be made anew at the next sign-in. */
export function passwordNeedsRehash(stored: string): boolean {
  const used = parseOptions(stored);
  return Object.entries(parameters).some(([name, value]) => used[name as keyof typeof parameters] !== value);
}

const shared = createPasswordHasher();

/** Hashes with the process's one hasher; the cap is shared by sign-up, sign-in and password change. */
export const hashPassword: PasswordHasher['hashPassword'] = (plain, options) => shared.hashPassword(plain, options);

/** Checks with the process's one hasher. Pass undefined for an unknown user instead of returning early. */
export const verifyPassword: PasswordHasher['verifyPassword'] = (stored, plain, options) =>
  shared.verifyPassword(stored, plain, options);
