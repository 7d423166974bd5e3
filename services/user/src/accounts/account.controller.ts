import {
  type RegisterRequest,
  registerRequest,
  type UpdateProfileRequest,
  type UserResponse,
  updateProfileRequest,
  userResponse,
} from '@emporium/contracts/user';
import { Answers, CurrentUser, Problems, Public } from '@emporium/service-defaults';
import { Body, Controller, Get, Patch, Post } from '@nestjs/common';
import { toUserResponse } from './account.response.ts';
import { AccountService } from './account.service.ts';

@Controller('v1')
export class AccountController {
  constructor(private readonly accounts: AccountService) {}

  @Post('auth/register')
  @Public()
  @Answers(201, userResponse)
  @Problems(409)
  async register(@Body({ schema: registerRequest }) request: RegisterRequest): Promise<UserResponse> {
    return toUserResponse(await this.accounts.register(request));
  }

  @Get('users/me')
  @Answers(200, userResponse)
  async me(@CurrentUser() userId: string): Promise<UserResponse> {
    return toUserResponse(await this.accounts.get(userId));
  }

  @Patch('users/me')
  @Answers(200, userResponse)
  async update(
    @CurrentUser() userId: string,
    @Body({ schema: updateProfileRequest }) request: UpdateProfileRequest,
  ): Promise<UserResponse> {
    return toUserResponse(
      request.name === undefined ? await this.accounts.get(userId) : await this.accounts.rename(userId, request.name),
    );
  }
}
