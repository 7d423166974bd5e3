import { counter } from '@emporium/telemetry';
import type { SignInOutcome } from './sign-in.ts';

const signIns = counter('emporium_sign_ins_total', 'Sign-ins by outcome, and refresh tokens found to be used twice.', [
  'outcome',
]);

export const signInMetrics = {
  happened: (outcome: SignInOutcome) => signIns.inc({ outcome }),
};
