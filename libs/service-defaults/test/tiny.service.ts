import { defineConfig } from '@emporium/config';
import type { DynamicModule } from '@nestjs/common';
import { PlatformModule, platformConfig } from '../src/index.ts';
import { TinyModule } from './tiny.module.ts';

export const loadConfig = defineConfig({ ...platformConfig({ port: 3999, managementPort: 9999 }) });
export type TinyConfig = ReturnType<typeof loadConfig>;

/** The smallest service there is; it passes for the product service, whose keys the specs have. */
export const tinyModule = (config: TinyConfig): DynamicModule => ({
  module: class TinyRoot {},
  imports: [PlatformModule.with(config, { name: 'product' }), TinyModule],
});
