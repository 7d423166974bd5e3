import type { PlantedBug } from './planted-bug.ts';

const service = 'services/user/src/sessions/revocation.service.ts';

export const revocationOnlyInRedis: PlantedBug = {
  id: 'revocation-only-in-redis',
  title: 'That a session has ended stands in Redis and nowhere else: a flush opens the door again.',
  replacements: [
    {
      file: 'services/user/src/app.module.ts',
      old: `name: 'user', postgres: true,`,
      new: `name: 'user', postgres: true, redis: true,`,
    },
    {
      file: 'services/user/src/config.ts',
      old: `import { databaseConfig, platformConfig } from '@emporium/service-defaults';`,
      new: `import { databaseConfig, platformConfig, redisConfig } from '@emporium/service-defaults';`,
    },
    {
      file: 'services/user/src/config.ts',
      old: `
  ...databaseConfig(),`,
      new: `
  ...databaseConfig(),
  ...redisConfig(),`,
    },
    {
      file: service,
      old: `import { Injectable } from '@nestjs/common';`,
      new: `import type { Redis } from '@emporium/redis'; import { REDIS } from '@emporium/service-defaults'; import { Inject, Injectable } from '@nestjs/common';`,
    },
    {
      file: service,
      old: `
    private readonly revocations: RevocationRepository,
`,
      new: `
    private readonly revocations: RevocationRepository,
    @Inject(REDIS) private readonly redis: Redis,
`,
    },
    {
      file: service,
      old: `
    if (sessionIds.length > 0) await this.revocations.insert(tx, sessionIds, at);`,
      new: `
    void tx;
    for (const sessionId of sessionIds) await this.redis.set(\`ended:\${sessionId}\`, at.getTime(), 'PX', relevantMs);`,
    },
    {
      file: service,
      old: `
    const { newest, settled } = await this.revocations.marks(this.postgres, settledAfterMs);`,
      new: `
    const keys = await this.redis.keys('ended:*');
    const times = keys.length === 0 ? [] : await this.redis.mget(keys);
    const ended = keys.map((key, index) => ({ seq: index + 1, sessionId: key.slice('ended:'.length), endedAt: new Date(Number(times[index])) }));
    if (ended.length > 0 || seq === 0) return { items: ended, next: 0 };
    const { newest, settled } = await this.revocations.marks(this.postgres, settledAfterMs);`,
    },
  ],
  experiments: ['signed-out-then-flushed'],
  rules: ['no-right-granted'],
};
