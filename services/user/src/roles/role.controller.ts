import { id as idShape } from '@emporium/contracts';
import {
  type ChangeRoleRequest,
  changeRoleRequest,
  type UserListQuery,
  type UserResponse,
  userListQuery,
  userListResponse,
  userResponse,
} from '@emporium/contracts/user';
import { Answers, Problems, Roles } from '@emporium/service-defaults';
import { Body, Controller, Get, Param, Patch, Query } from '@nestjs/common';
import { toUserResponse } from '../accounts/account.response.ts';
import { AccountService } from '../accounts/account.service.ts';
import { normaliseEmail } from '../accounts/account.ts';
import { readCursor, toPage } from '../paging.ts';
import { RoleService } from './role.service.ts';

@Controller('v1/admin/users')
export class RoleController {
  constructor(
    private readonly accounts: AccountService,
    private readonly roles: RoleService,
  ) {}

  /** `email` finds addresses that begin with it. */
  @Get()
  @Roles('admin', 'support')
  @Answers(200, userListResponse)
  async list(@Query({ schema: userListQuery }) { limit, cursor, email }: UserListQuery) {
    const emailPrefix = email === undefined ? undefined : normaliseEmail(email);
    const accounts = await this.accounts.list({ emailPrefix, after: readCursor(cursor), limit: limit + 1 });
    return toPage(accounts, limit, toUserResponse);
  }

  @Patch(':id')
  @Roles('admin')
  @Answers(200, userResponse)
  @Problems(404, 409)
  async change(
    @Param('id', { schema: idShape }) id: string,
    @Body({ schema: changeRoleRequest }) { role }: ChangeRoleRequest,
  ): Promise<UserResponse> {
    return toUserResponse(await this.roles.change(id, role));
  }
}
