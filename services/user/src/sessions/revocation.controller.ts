import { type RevocationsResponse, revocationQuery } from '@emporium/contracts/user';
import { Internal } from '@emporium/service-defaults';
import { Controller, Get, Query } from '@nestjs/common';
import { RevocationService } from './revocation.service.ts';
import type { Revocation } from './revocation.ts';

@Controller('internal/revocations')
export class RevocationController {
  constructor(private readonly revocations: RevocationService) {}

  @Get()
  @Internal({ callers: ['gateway', 'user', 'product', 'order', 'payment'] })
  async list(@Query({ schema: revocationQuery }) { since }: { since: number }): Promise<RevocationsResponse> {
    const { items, next } = await this.revocations.since(since);
    return { items: items.map(toRevocationResponse), next };
  }
}

const toRevocationResponse = ({ seq, sessionId, endedAt }: Revocation) => ({ seq, sessionId, endedAt: endedAt.toISOString() });
