import { expect, it } from 'vitest';
import { unsetIn } from './unset.ts';

it.each([
  ['image: registry.invalid/emporium/order@sha256:0a', 1],
  [`image: registry.example/emporium/order@sha256:${'0'.repeat(64)}`, 1],
  ['region: set-in-the-overlay', 1],
  ['role: arn:aws:iam::000000000000:role/backups', 1],
  ['metadata:\n  name: migrate-order-unset\n', 1],
  [`image: registry.invalid/emporium/order@sha256:${'0'.repeat(64)}`, 2],
  ['image: registry.example/emporium/order@sha256:0a\nrole: arn:aws:iam::123456789012:role/backups', 0],
])('%s has %i placeholders', (text, count) => {
  expect(unsetIn('production', text)).toHaveLength(count);
});
