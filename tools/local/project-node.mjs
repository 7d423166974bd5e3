import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

const WANTED_MAJOR = 24;
const projectNode = join(root, 'node_modules/node/bin/node');

/** Goes on only under the project's Node; an older one starts this script again with it, passes signals on and takes over its exit code. */
export async function runUnderProjectNode(script) {
  if (Number(process.versions.node.split('.')[0]) >= WANTED_MAJOR) return;
  if (!existsSync(projectNode)) {
    console.error(
      `✗ This needs Node ${WANTED_MAJOR}, and npm did not install it (node_modules/node). Run \`npm ci --ignore-scripts=false\`.`,
    );
    process.exit(1);
  }
  process.exit(await runChild(projectNode, [fileURLToPath(script), ...process.argv.slice(2)], { stdio: 'inherit' }).ended);
}

/** Starts a program that gets this one's signals. `ended` is its exit code; one that ends by a signal counts as 1. */
export function runChild(command, args, options) {
  const child = spawn(command, args, { cwd: root, ...options });
  const pass = (signal) => child.kill(signal);
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, pass);
  const ended = new Promise((done) => {
    child.once('error', (error) => {
      console.error(`✗ ${command} cannot be run: ${error.message}`);
      done(1);
    });
    child.once('close', (code) => done(code ?? 1));
  }).finally(() => {
    for (const signal of signals) process.off(signal, pass);
  });
  return { child, ended };
}
