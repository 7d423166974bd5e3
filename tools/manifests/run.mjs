import { runUnderProjectNode } from '../local/project-node.mjs';

await runUnderProjectNode(import.meta.url);
// Nothing to build: Node takes the types away by itself, and this tool needs no other package of ours.
const { main } = await import('./src/main.ts');
process.exit(main(process.argv.slice(2)));
