import { startPlatform, temporaryFolder } from '@emporium/local';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    gatewayUrl: string;
    providerUrl: string;
  }
}

// How late an event loop is on a machine that tests share says little; `npm run chaos` has overload of its own.
const env = { LOOP_DELAY_MAX_MS: '5000' };

/** One whole platform of built services for all files: its own databases, Redis, simulator and ports. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await temporaryFolder('e2e');
  const platform = await startPlatform({ dataDir: folder.path, ports: 'free', durable: false, quiet: true, env });
  project.provide('gatewayUrl', platform.urls.gateway);
  project.provide('providerUrl', platform.urls.simulator);
  return async () => {
    await platform.stop();
    await folder.remove();
  };
}
