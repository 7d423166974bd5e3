export { accessTokensOf, type PlatformAccessTokens } from './access-tokens.ts';
export { StartError } from './errors.ts';
export { type Platform, type PlatformOptions, startPlatform } from './platform.ts';
export { DEFAULT_PORTS, type Ports } from './ports-of-platform.ts';
export type { ProcessSpec } from './process-spec.ts';
export { cpuSecondsOf, machineCpuSeconds, memoryBytesOf, processTree } from './process-tree.ts';
export { run } from './runner.ts';
export { temporaryFolder } from './temporary-folder.ts';
