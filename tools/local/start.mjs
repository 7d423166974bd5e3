import { root, runChild, runUnderProjectNode } from './project-node.mjs';

await runUnderProjectNode(import.meta.url);
let isStopping = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => (isStopping = true));
const code = await build();
if (isStopping) process.exit(0);
if (code !== 0) process.exit(1);
const { run } = await import('./dist/index.js');
stopWithNpm();
process.exit(await run(process.env));

/** npm passes signals on, but one that is killed cannot: then nobody would be left to stop the platform. */
function stopWithNpm() {
  const npm = process.ppid;
  if (process.env.npm_lifecycle_event === undefined) return;
  setInterval(() => process.ppid === npm || process.emit('SIGTERM', 'SIGTERM'), 500).unref();
}

/** Nx builds what changed since the last time. Its daemon would outlive us. */
async function build() {
  const began = performance.now();
  const slow = setTimeout(() => console.log('… build'), 3_000);
  const { child, ended } = runChild(
    process.execPath,
    [`${root}/node_modules/.bin/nx`, 'run-many', '-t', 'build', '--output-style=static'],
    {
      env: { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false', FORCE_COLOR: '0' },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const output = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => output.push(chunk));
  const result = await ended;
  clearTimeout(slow);
  if (result === 0) console.log(`✓ build (${((performance.now() - began) / 1000).toFixed(1)} s)`);
  else if (!isStopping) console.error(`${Buffer.concat(output)}\n✗ build`);
  return result;
}
