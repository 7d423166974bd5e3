import { runUnderProjectNode } from '../local/project-node.mjs';
import { runBuilt } from '../local/run-built.mjs';

await runUnderProjectNode(import.meta.url);
await runBuilt(async () => (await import('./dist/main.js')).main());
