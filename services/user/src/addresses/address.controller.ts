import {
  type Address as AddressRequest,
  address as addressRequest,
  id as idShape,
  type PageQuery,
  pageQuery,
} from '@emporium/contracts';
import { type AddressResponse, addressListResponse, addressResponse } from '@emporium/contracts/user';
import { Answers, CurrentUser, Problems } from '@emporium/service-defaults';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { readCursor, toPage } from '../paging.ts';
import { AddressService } from './address.service.ts';
import type { Address } from './address.ts';

@Controller('v1/users/me/addresses')
export class AddressController {
  constructor(private readonly addresses: AddressService) {}

  @Get()
  @Answers(200, addressListResponse)
  async list(@CurrentUser() userId: string, @Query({ schema: pageQuery }) { limit, cursor }: PageQuery) {
    const addresses = await this.addresses.list({ accountId: userId, after: readCursor(cursor), limit: limit + 1 });
    return toPage(addresses, limit, toResponse);
  }

  @Post()
  @Answers(201, addressResponse)
  @Problems(409)
  async add(@CurrentUser() userId: string, @Body({ schema: addressRequest }) request: AddressRequest): Promise<AddressResponse> {
    return toResponse(await this.addresses.add(userId, { ...request, line2: request.line2 }));
  }

  @Delete(':id')
  @HttpCode(204)
  @Answers(204)
  @Problems(404)
  async delete(@CurrentUser() userId: string, @Param('id', { schema: idShape }) id: string): Promise<void> {
    await this.addresses.delete(userId, id);
  }
}

const toResponse = (address: Address): AddressResponse => ({
  id: address.id,
  name: address.name,
  line1: address.line1,
  ...(address.line2 !== undefined && { line2: address.line2 }),
  city: address.city,
  postalCode: address.postalCode,
  country: address.country,
  createdAt: address.createdAt.toISOString(),
});
