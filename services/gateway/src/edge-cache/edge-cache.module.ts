import { CONFIG } from '@emporium/service-defaults';
import { Module } from '@nestjs/common';
import type { GatewayConfig } from '../config.ts';
import { EdgeCache } from './edge.cache.ts';

@Module({
  providers: [
    {
      provide: EdgeCache,
      useFactory: ({ edgeCacheBytes: maxBytes }: GatewayConfig) => new EdgeCache({ maxBytes }),
      inject: [CONFIG],
    },
  ],
  exports: [EdgeCache],
})
export class EdgeCacheModule {}
