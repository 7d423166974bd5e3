import { type ChangePasswordRequest, changePasswordRequest } from '@emporium/contracts/user';
import { Answers, ClientAddress, CurrentPrincipal, type Principal } from '@emporium/service-defaults';
import { Body, Controller, Headers, HttpCode, Post } from '@nestjs/common';
import { toOrigin } from '../sign-ins/sign-in.ts';
import { PasswordService } from './password.service.ts';

@Controller('v1/users/me/password')
export class PasswordController {
  constructor(private readonly passwords: PasswordService) {}

  @Post()
  @HttpCode(204)
  @Answers(204)
  async change(
    @CurrentPrincipal() { sub, sid }: Principal,
    @Body({ schema: changePasswordRequest }) request: ChangePasswordRequest,
    @ClientAddress() clientAddress: string,
    @Headers() headers: Record<string, string | undefined>,
  ): Promise<void> {
    await this.passwords.change({ accountId: sub, sessionId: sid }, request, toOrigin(clientAddress, headers));
  }
}
