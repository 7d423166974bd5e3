import type { Journey } from './journey.ts';

/** With a password, as people do it; looks at the profile and signs out. Without a token the last two are skipped. */
export const signIn: Journey = {
  requests: 3,
  run: async (visit) => {
    const { body, isGood } = visit.call({ route: '/v1/auth/login', method: 'POST', body: visit.account(), isRead: true });
    const token = body?.accessToken;
    if (!isGood || typeof token !== 'string') return;
    visit.call({ route: '/v1/users/me', token });
    visit.call({ route: '/v1/auth/logout', method: 'POST', token, statuses: [204] });
  },
};
