import { counter } from '@emporium/telemetry';

const registered = counter('emporium_accounts_registered_total', 'Accounts opened.');

export const accountMetrics = {
  registered: () => registered.inc(),
};
