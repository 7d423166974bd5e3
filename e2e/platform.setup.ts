import { startPlatform } from '@emporium/local';
import type { TestProject } from 'vitest/node';
import { platformOptions } from './platform.ts';

declare module 'vitest' {
  interface ProvidedContext {
    gatewayUrl: string;
    providerUrl: string;
  }
}

/** One whole platform of built services for all files: its own databases, Redis, simulator and ports. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const platform = await startPlatform(await platformOptions());
  project.provide('gatewayUrl', platform.urls.gateway);
  project.provide('providerUrl', platform.urls.provider);
  return () => platform.stop();
}
