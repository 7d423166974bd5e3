import { describe, expect, it } from 'vitest';
import { password, times } from './build-services.ts';
import { userApp } from './user-app.ts';

describe('a flood of sign-ins', () => {
  const users = userApp('user_overload');

  it('is shed cleanly and starves nobody who is signed in', async () => {
    const { user, token } = await users.person();

    const began = performance.now();
    const flood = Promise.all(times(400, (index) => users.login(index % 2 === 0 ? user.email : `nobody-${index}@example.test`)));
    const bystanders: number[] = [];
    let over = false;
    void flood.finally(() => {
      over = true;
    });
    while (!over) {
      const start = performance.now();
      expect((await users.call('GET', '/v1/users/me', { token })).status).toBe(200);
      bystanders.push(performance.now() - start);
    }
    const answers = await flood;

    const statuses = new Set(answers.map(({ status }) => status));
    expect([...statuses].every((status) => [200, 401, 429, 503].includes(status))).toBe(true);
    expect(statuses.has(200)).toBe(true);
    expect(statuses.has(503)).toBe(true);
    expect(answers.filter(({ status }) => status === 503).every(({ headers }) => headers.has('retry-after'))).toBe(true);
    // They are answered while the flood is still there; a starved one would wait for its end.
    expect(bystanders.length).toBeGreaterThanOrEqual(3);
    expect(Math.max(...bystanders)).toBeLessThan(performance.now() - began);
  });

  it('leaves the service able to sign people in', async () => {
    const { user } = await users.person();

    expect((await users.login(user.email, password)).status).toBe(200);
  });
});
