import { runUnderProjectNode } from '../local/project-node.mjs';

await runUnderProjectNode(import.meta.url);
// Nothing to build: Node takes the types away by itself, and this tool needs no package.
const { main } = await import('./src/main.ts');
process.exit(await main(process.argv.slice(2)));
