import { Module } from '@nestjs/common';
import { AccountModule } from '../accounts/account.module.ts';
import { AddressController } from './address.controller.ts';
import { AddressRepository } from './address.repository.ts';
import { AddressService } from './address.service.ts';

@Module({ imports: [AccountModule], controllers: [AddressController], providers: [AddressService, AddressRepository] })
export class AddressModule {}
