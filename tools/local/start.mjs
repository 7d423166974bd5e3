import { runUnderProjectNode } from './project-node.mjs';
import { runBuilt } from './run-built.mjs';

await runUnderProjectNode(import.meta.url);
await runBuilt(async () => (await import('./dist/index.js')).run(process.env));
