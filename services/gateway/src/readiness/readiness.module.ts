import { Module } from '@nestjs/common';
import { UpstreamReadiness } from './upstream.readiness.ts';

@Module({ providers: [UpstreamReadiness] })
export class ReadinessModule {}
