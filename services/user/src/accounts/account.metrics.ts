import { counter } from '@emporium/telemetry';

const registered = counter('emporium_accounts_registered_total', 'Accounts opened.');
const rehashed = counter('emporium_password_rehashes_total', 'Outdated password hashes at sign-in: renewed, or put off.', [
  'outcome',
]);

export const accountMetrics = {
  registered: () => registered.inc(),
  rehashed: (outcome: 'renewed' | 'put-off') => rehashed.inc({ outcome }),
};
