import { describe, expect, it } from 'vitest';
import { objectOf } from './checkov.ts';
import { documentsOf, moved } from './server.ts';

it.each([
  ['Deployment.emporium.order', 'Deployment/order'],
  ['ServiceAccount.emporium.external-secrets', 'ServiceAccount/external-secrets'],
])('checkov calls %s what we call %s', (resource, object) => {
  expect(objectOf(resource)).toBe(object);
});

describe('a dry run', () => {
  it('is in a namespace of its own', () => {
    const [namespace, binding] = documentsOf(`
kind: Namespace
metadata: { name: emporium }
---
kind: RoleBinding
metadata: { name: postgres, namespace: emporium }
subjects: [{ kind: ServiceAccount, name: postgres, namespace: emporium }]
---
`).map(moved);

    expect(namespace?.metadata.name).toBe('emporium-dry-run');
    expect(binding?.metadata.namespace).toBe('emporium-dry-run');
    expect(binding?.subjects).toEqual([{ kind: 'ServiceAccount', name: 'postgres', namespace: 'emporium-dry-run' }]);
  });
});
