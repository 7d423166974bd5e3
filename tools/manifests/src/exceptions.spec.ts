import { describe, expect, it } from 'vitest';
import { Exceptions, readExceptions } from './exceptions.ts';
import { textOf } from './repository.ts';

const finding = (over: object) => ({
  ...{ step: 'checkov', build: 'production', check: 'CKV_K8S_43', object: 'Deployment/redis-proxy', text: 'no digest' },
  ...over,
});
const exception = {
  step: 'checkov' as const,
  check: 'CKV_K8S_43',
  objects: ['Deployment/redis-*'],
  reason: 'a reason that is long enough',
};

describe('exceptions', () => {
  it('excuse what they name, and nothing else', () => {
    const exceptions = new Exceptions([exception]);

    expect(exceptions.unexcused([finding({})])).toEqual([]);
    for (const other of [
      { step: 'kube-score' },
      { check: 'CKV_K8S_11' },
      { object: 'Deployment/order' },
      { object: 'XDeployment/redis-proxy' },
    ]) {
      expect(exceptions.unexcused([finding(other)])).toHaveLength(1);
    }
  });

  it('that excuse nothing are told of, where their step was carried out', () => {
    const exceptions = new Exceptions([exception]);

    expect(exceptions.unused(['kube-score'])).toEqual([]);
    expect(exceptions.unused(['checkov'])).toEqual(['checkov CKV_K8S_43 Deployment/redis-*']);
    exceptions.unexcused([finding({})]);
    expect(exceptions.unused(['checkov'])).toEqual([]);
  });

  it('have a reason', () => {
    expect(() => readExceptions('[{ step: checkov, check: A, objects: [Pod/a], reason: "" }]')).toThrow();
    expect(() =>
      readExceptions('[{ step: checkov, check: A, objects: [everything], reason: a reason that is long enough }]'),
    ).toThrow();
    expect(readExceptions(textOf('deploy/policies/exceptions.yaml')).length).toBeGreaterThan(0);
  });
});
