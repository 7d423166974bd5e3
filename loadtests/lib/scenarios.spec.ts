import { describe, expect, it } from 'vitest';
import { requestsOf } from '../journeys/index.ts';
import { everyday, type JourneyName } from './mix.ts';
import { type Scenario, scenariosOf, visitsOf } from './scenarios.ts';
import { burst, climb, type Shape, steady, steps } from './shape.ts';
import { thresholdsOf } from './thresholds.ts';

const run = (shape: Shape) => ({ mix: everyday, shape, rate: 1_000, seconds: 300 });
const requestsPerSecond = (scenarios: readonly Scenario[], perMinute: (scenario: Scenario) => number) =>
  scenarios.reduce((sum, scenario) => sum + (perMinute(scenario) * requestsOf(scenario.exec)) / 60, 0);

describe('scenarios', () => {
  it('bring as many requests as asked for, whatever a visit is made of', () => {
    const scenarios = Object.values(scenariosOf(run(steady)));

    expect(requestsPerSecond(scenarios, ({ rate = 0 }) => rate)).toBeCloseTo(1_000, 0);
    expect(visitsOf(run(steady))).toBeCloseTo(
      scenarios.reduce((sum, { rate = 0 }) => sum + rate * 5, 0),
      -2,
    );
  });

  it('never wait for those who came before: an open loop', () => {
    for (const shape of [steady, steps, burst, climb]) {
      for (const { executor } of Object.values(scenariosOf(run(shape)))) expect(executor).toMatch(/-arrival-rate$/);
    }
  });

  it('of a storm are three times the calm', () => {
    const { storm_checkout: storm } = scenariosOf(run(steps));

    expect(storm).toMatchObject({ executor: 'ramping-arrival-rate', startRate: 3_600, startTime: '60s' });
    expect(storm?.stages?.at(-1)).toEqual({ target: 10_800, duration: '60s' });
  });

  it('of a burst begin where it begins', () => {
    expect(scenariosOf(run(burst)).storm_checkout).toMatchObject({ rate: 18_000, startTime: '90s', duration: '75s' });
  });

  it.each([
    ['steps', steps],
    ['burst', burst],
    ['climb', climb],
    ['steady', steady],
  ])('of %s fill the time', (_, shape) => {
    const share = shape.flatMap(({ phases }) => phases).reduce((sum, phase) => sum + phase.share, 0);

    expect(share).toBeCloseTo(1, 6);
  });

  it('have room for ten times what Little says before a visit is dropped', () => {
    const { browse } = scenariosOf(run(steady));

    expect(browse).toMatchObject({ preAllocatedVUs: 62, maxVUs: 610 });
  });
});

describe('thresholds', () => {
  it('are p95 < 500 ms, errors < 1 % and books that agree, for all and for each journey', () => {
    const thresholds = thresholdsOf(run(steady));

    expect(thresholds).toMatchObject({
      'http_req_duration{act:visit}': ['p(95)<500'],
      'http_req_failed{act:visit}': ['rate<0.01'],
      'http_req_duration{journey:checkout}': ['p(95)<500'],
      'http_req_failed{journey:signIn}': ['rate<0.01'],
      unclean_failures: ['count<1'],
      broken_visits: ['count<1'],
      books_agree: ['rate==1'],
      reconciliation_differences: ['value==0'],
    });
    expect(Object.keys(thresholds).filter((name) => name.startsWith('http_req_duration{journey'))).toHaveLength(
      Object.keys(everyday).length,
    );
  });

  it('in a storm are clean and quick refusals; afterwards everything again', () => {
    const thresholds = thresholdsOf(run(burst));

    expect(thresholds['http_req_duration{act:storm}']).toEqual(['p(99)<3500']);
    expect(thresholds['http_req_failed{act:storm}']).toBeUndefined();
    expect(thresholds['http_req_duration{act:recovery}']).toEqual(['p(95)<500']);
    expect(thresholds.reconciliation_differences).toEqual(['value==0']);
  });

  it('end a run that looks for the limit', () => {
    const thresholds = thresholdsOf({ ...run(climb), untilBroken: true });

    expect(thresholds['http_req_duration{act:climb}']).toEqual([
      { threshold: 'p(95)<500', abortOnFail: true, delayAbortEval: '5s' },
    ]);
  });

  it.each(Object.keys(everyday) as JourneyName[])('would see one per cent of the visits of %s dropped', (name) => {
    expect(thresholdsOf({ ...run(steady), mix: { [name]: 1 } }).dropped_iterations?.[0]).toBe(
      `count<${Math.round(300_000 / requestsOf(name) / 100)}`,
    );
  });
});
