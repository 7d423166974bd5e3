import { describe, expect, it } from 'vitest';
import { password, times } from './build-services.ts';
import { userApp } from './user-app.ts';

describe('a flood of sign-ins', () => {
  const users = userApp('user_overload');

  it('is answered or shed cleanly, and turns away nobody who is signed in', async () => {
    const { user, token } = await users.person();

    // More than the hasher takes and lets wait at a time; its own spec shows that it sheds the rest (libs/auth/src/passwords.spec.ts).
    const flood = Promise.all(times(250, (index) => users.login(index % 2 === 0 ? user.email : `nobody-${index}@example.test`)));
    const bystanders: number[] = [];
    let over = false;
    void flood.finally(() => {
      over = true;
    });
    while (!over) bystanders.push((await users.call('GET', '/v1/users/me', { token })).status);
    const answers = await flood;

    const statuses = new Set(answers.map(({ status }) => status));
    expect([...statuses].every((status) => [200, 401, 429, 503].includes(status))).toBe(true);
    expect(statuses.has(200)).toBe(true);
    expect(answers.filter(({ status }) => status === 503).every(({ headers }) => headers.has('retry-after'))).toBe(true);
    expect(bystanders.length).toBeGreaterThan(5);
    expect(new Set(bystanders)).toEqual(new Set([200]));
  }, 60_000);

  it('is not waited for by those who are signed in: ten of them, one after the other, are done before it is', async () => {
    const { user, token } = await users.person();
    const done: string[] = [];

    // As many as are hashed or wait for it: none is shed, and each is work for the threads of the process.
    const flood = times(100, () => users.login(user.email).then(() => done.push('sign-in')));
    for (let index = 0; index < 10; index += 1) {
      expect((await users.call('GET', '/v1/users/me', { token })).status).toBe(200);
      done.push('signed in');
    }
    await Promise.all(flood);

    expect(done).toHaveLength(110);
    expect(done.lastIndexOf('signed in')).toBeLessThan(80);
  }, 60_000);

  it('leaves the service able to sign people in', async () => {
    const { user } = await users.person();

    expect((await users.login(user.email, password)).status).toBe(200);
  });
});
