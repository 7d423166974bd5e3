// Runs before `npm start` and `npm test`, on whatever Node there is and without node_modules: plain JavaScript, nothing imported but Node.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const lock = join(root, 'package-lock.json');
const installed = join(root, 'node_modules/.package-lock.json');
const stamp = join(root, 'node_modules/.emporium-lock');
const seconds = (began) => `${((performance.now() - began) / 1000).toFixed(1)} s`;

const lockHash = createHash('sha256').update(readFileSync(lock)).digest('hex');
if (!isUpToDate()) await install();

/** npm writes its own copy of the lock file last, so a broken-off installation has none; the stamp survives a checkout that touches times. */
function isUpToDate() {
  if (!existsSync(installed)) return false;
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lockHash) return true;
  return statSync(installed).mtimeMs >= statSync(lock).mtimeMs;
}

async function install() {
  const began = performance.now();
  console.log(
    `… dependencies: npm ci (${existsSync(installed) ? 'package-lock.json is newer than node_modules' : 'there is no node_modules'})`,
  );
  const beat = setInterval(() => console.log(`… dependencies: npm ci still works (${seconds(began)})`), 20_000);
  const code = await npmCi();
  clearInterval(beat);
  if (code !== 0) {
    console.error('✗ dependencies: npm ci failed. Is the registry reachable (`npm ping`)?');
    process.exit(1);
  }
  writeFileSync(stamp, lockHash);
  console.log(`✓ dependencies (${seconds(began)})`);
}

/** Under `npm start` the same npm runs again; NODE_ENV=production must not leave the build tools out. */
function npmCi() {
  const npm = process.env.npm_execpath;
  const [command, args] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []];
  const child = spawn(command, [...args, 'ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: 'inherit',
  });
  return new Promise((done) => {
    child.once('error', (error) => {
      console.error(`✗ npm cannot be run: ${error.message}`);
      done(1);
    });
    child.once('exit', (code) => done(code ?? 1));
  });
}
