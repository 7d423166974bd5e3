import { AccessTokenVerifier } from '@emporium/service-defaults';
import { Injectable } from '@nestjs/common';
import type { Access } from '../routing/routes.ts';
import { invalidToken } from './access.errors.ts';
import { bearerToken, checkRole } from './access.ts';
import { Revocations } from './revocations.ts';

/** Who is calling, and whether the route is open to them. Local: no call leaves the process for a known key. */
@Injectable()
export class AccessCheck {
  constructor(
    private readonly tokens: AccessTokenVerifier,
    private readonly revocations: Revocations,
  ) {}

  /** Returns the user's id. @throws AppError 401 without a good token, 403 without the role */
  async check(access: Exclude<Access, 'anyone'>, authorization: string | undefined): Promise<string> {
    const { sub, role, sid } = await this.tokens.verify(bearerToken(authorization));
    if (this.revocations.has(sid)) throw invalidToken();
    checkRole(access, role);
    return sub;
  }
}
