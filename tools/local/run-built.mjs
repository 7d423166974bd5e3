import { root, runChild } from './project-node.mjs';

/** Builds, then does `work` with what was built, and ends the process with the exit code it returns. */
export async function runBuilt(work) {
  let isStopping = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => (isStopping = true));
  const { code, output, tookMs } = await build();
  if (isStopping) process.exit(0);
  if (code !== 0) {
    console.error(`${output}\n✗ build`);
    process.exit(1);
  }
  console.log(`✓ build (${(tookMs / 1000).toFixed(1)} s)`);
  stopWithNpm();
  process.exit(await work());
}

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
  const code = await ended;
  clearTimeout(slow);
  return { code, output: Buffer.concat(output), tookMs: performance.now() - began };
}
