import { Module } from '@nestjs/common';
import { SessionModule } from '../sessions/session.module.ts';
import { SignInModule } from '../sign-ins/sign-in.module.ts';
import { RetentionService } from './retention.service.ts';

@Module({ imports: [SessionModule, SignInModule], providers: [RetentionService], exports: [RetentionService] })
export class RetentionModule {}
