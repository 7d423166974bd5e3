import { describe, expect, it } from 'vitest';
import { requestsOf } from '../journeys/index.ts';
import { everyday } from './mix.ts';
import { type Scenario, scenariosOf } from './scenarios.ts';
import { burst, climb, rise, type Shape, steady, steps } from './shape.ts';
import { thresholdsOf } from './thresholds.ts';

const run = (shape: Shape) => ({ mix: everyday, shape, rate: 1_000, seconds: 300, riseSeconds: 15 });
const requestsPerSecond = (scenarios: readonly Scenario[], perMinute: (scenario: Scenario) => number) =>
  scenarios.reduce((sum, scenario) => sum + (perMinute(scenario) * requestsOf(scenario.exec)) / 60, 0);

describe('scenarios', () => {
  it('bring as many requests as asked for, whatever a visit is made of', () => {
    const scenarios = Object.values(scenariosOf(run(steady))).filter(({ tags }) => tags.act === 'visit');

    expect(requestsPerSecond(scenarios, ({ rate = 0 }) => rate)).toBeCloseTo(1_000, 0);
  });

  it('rise before, and nothing of that counts for a journey', () => {
    const { rise_browse: rising, visit_browse: browse } = scenariosOf(run(steady));

    expect(rising).toMatchObject({ startTime: '0s', startRate: 2_400, stages: [{ target: 12_000, duration: '15s' }] });
    expect(rising?.tags).toEqual({ act: 'rise' });
    expect(browse).toMatchObject({ startTime: '15s', duration: '300s', tags: { act: 'visit', journey: 'browse' } });
    expect(scenariosOf({ ...run(climb), riseSeconds: 0 })).not.toHaveProperty('rise_browse');
  });

  it('never wait for those who came before: an open loop', () => {
    for (const shape of [steady, steps, burst, climb]) {
      for (const { executor } of Object.values(scenariosOf(run(shape)))) expect(executor).toMatch(/-arrival-rate$/);
    }
  });

  it('of a storm are three times the calm', () => {
    const { storm_checkout: storm } = scenariosOf(run(steps));

    expect(storm).toMatchObject({ executor: 'ramping-arrival-rate', startRate: 3_600, startTime: '75s' });
    expect(storm?.stages?.at(-1)).toEqual({ target: 10_800, duration: '60s' });
  });

  it('of a burst begin where it begins', () => {
    expect(scenariosOf(run(burst)).storm_checkout).toMatchObject({ rate: 18_000, startTime: '105s', duration: '75s' });
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
    const { visit_browse: browse } = scenariosOf(run(steady));

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

  it('see one per cent of the visits of a journey dropped', () => {
    const thresholds = thresholdsOf(run(steady));

    expect(thresholds['dropped_iterations{scenario:visit_browse}']).toEqual(['count<600']);
    expect(thresholds['dropped_iterations{scenario:visit_checkout}']).toEqual(['count<180']);
    expect(thresholds).not.toHaveProperty('dropped_iterations{scenario:rise_browse}');
  });

  it('ask no more of the rise than of a storm', () => {
    expect(thresholdsOf(run(steady))[`http_req_duration{act:${rise.name}}`]).toEqual(['p(99)<3500']);
  });
});
