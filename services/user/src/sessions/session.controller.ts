import { id as idShape, type PageQuery, pageQuery } from '@emporium/contracts';
import {
  type LoginRequest,
  loginRequest,
  type RefreshRequest,
  refreshRequest,
  type SessionResponse,
  sessionListResponse,
  type TokensResponse,
  tokensResponse,
} from '@emporium/contracts/user';
import { Answers, ClientAddress, CurrentPrincipal, type Principal, Problems, Public } from '@emporium/service-defaults';
import { Body, Controller, Delete, Get, Headers, HttpCode, Param, Post, Query } from '@nestjs/common';
import { readCursor, toPage } from '../paging.ts';
import { toOrigin } from '../sign-ins/sign-in.ts';
import { SessionService, type Tokens } from './session.service.ts';
import type { Session } from './session.ts';

@Controller('v1')
export class SessionController {
  constructor(private readonly sessions: SessionService) {}

  @Post('auth/login')
  @HttpCode(200)
  @Public()
  @Answers(200, tokensResponse)
  async login(
    @Body({ schema: loginRequest }) { email, password }: LoginRequest,
    @ClientAddress() clientAddress: string,
    @Headers() headers: Record<string, string | undefined>,
  ): Promise<TokensResponse> {
    return toTokensResponse(await this.sessions.login(email, password, toOrigin(clientAddress, headers)));
  }

  @Post('auth/refresh')
  @HttpCode(200)
  @Public()
  @Answers(200, tokensResponse)
  async refresh(
    @Body({ schema: refreshRequest }) { refreshToken }: RefreshRequest,
    @ClientAddress() clientAddress: string,
    @Headers() headers: Record<string, string | undefined>,
  ): Promise<TokensResponse> {
    return toTokensResponse(await this.sessions.refresh(refreshToken, toOrigin(clientAddress, headers)));
  }

  @Post('auth/logout')
  @HttpCode(204)
  @Answers(204)
  async logout(@CurrentPrincipal() { sub, sid }: Principal): Promise<void> {
    await this.sessions.logout(sub, sid);
  }

  @Get('users/me/sessions')
  @Answers(200, sessionListResponse)
  async list(@CurrentPrincipal() { sub, sid }: Principal, @Query({ schema: pageQuery }) { limit, cursor }: PageQuery) {
    const sessions = await this.sessions.list({ accountId: sub, after: readCursor(cursor), limit: limit + 1 });
    return toPage(sessions, limit, (session) => toSessionResponse(session, sid));
  }

  @Delete('users/me/sessions/:id')
  @HttpCode(204)
  @Answers(204)
  @Problems(404)
  async end(@CurrentPrincipal() { sub }: Principal, @Param('id', { schema: idShape }) id: string): Promise<void> {
    await this.sessions.endOne(sub, id);
  }
}

const toTokensResponse = (tokens: Tokens): TokensResponse => ({
  accessToken: tokens.accessToken,
  refreshToken: tokens.refreshToken,
  tokenType: 'Bearer',
  expiresIn: tokens.expiresInSeconds,
});

const toSessionResponse = (session: Session, currentId: string): SessionResponse => ({
  id: session.id,
  createdAt: session.createdAt.toISOString(),
  lastUsedAt: session.lastUsedAt.toISOString(),
  userAgent: session.userAgent ?? null,
  current: session.id === currentId,
});
