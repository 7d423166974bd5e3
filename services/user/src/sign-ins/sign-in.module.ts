import { Module } from '@nestjs/common';
import { AttemptRepository } from './attempt.repository.ts';
import { SignInRepository } from './sign-in.repository.ts';
import { SignInService } from './sign-in.service.ts';

@Module({ providers: [SignInService, SignInRepository, AttemptRepository], exports: [SignInService] })
export class SignInModule {}
