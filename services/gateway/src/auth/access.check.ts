import { bearerToken } from '@emporium/auth';
import { AccessTokenVerifier } from '@emporium/service-defaults';
import { Injectable } from '@nestjs/common';
import { sessionEnded, tokenRequired } from './access.errors.ts';
import { type Access, checkRole } from './access.ts';
import { Revocations } from './revocations.ts';

/** Who is calling, and whether the route is open to them. Local: no call leaves the process for a known key. */
@Injectable()
export class AccessCheck {
  constructor(
    private readonly tokens: AccessTokenVerifier,
    private readonly revocations: Revocations,
  ) {}

  /** Returns the user's id. Raises AppError 401 without a good token, 403 without the role. */
  async check(access: Exclude<Access, 'anyone'>, authorization: string | undefined): Promise<string> {
    const token = bearerToken(authorization);
    if (token === undefined) throw tokenRequired();
    const { sub, role, sid } = await this.tokens.verify(token);
    if (this.revocations.has(sid)) throw sessionEnded();
    checkRole(access, role);
    return sub;
  }
}
