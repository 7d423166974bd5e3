import { jwksResponse } from '@emporium/contracts/user';
import { Answers, Open } from '@emporium/service-defaults';
import { Controller, Get, Header } from '@nestjs/common';
import { AccessTokens } from './access-tokens.ts';

@Controller('.well-known')
export class KeysController {
  constructor(private readonly tokens: AccessTokens) {}

  /** Readers keep it for a while: a new key is published before it signs. */
  @Get('jwks.json')
  @Open()
  @Header('cache-control', 'public, max-age=300')
  @Answers(200, jwksResponse)
  keys(): Promise<{ keys: object[] }> {
    return this.tokens.jwks();
  }
}
