import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { OrderResponse } from '@emporium/contracts/order';
import { describe, expect, inject, it } from 'vitest';
import { anyone } from './people.ts';

const run = promisify(execFile);
const readme = new URL('../README.md', import.meta.url);

describe('the README', () => {
  it('buys something in five lines of shell that run as they stand', async () => {
    const block = await testedBlock();
    const script = block.replace('http://localhost:8080', inject('gatewayUrl'));

    const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', script], { timeout: 60_000 });

    expect(block.trim().split('\n')).toHaveLength(5);
    expect(script, 'the block names the address that npm start prints').not.toBe(block);
    const order = JSON.parse(stdout) as OrderResponse;
    const customer = await anyone().signIn('customer@emporium.test', 'emporium-customer-development');
    // Usually confirmed with the answer; on a busy machine a moment later.
    await expect.poll(async () => (await customer.order(order.id)).status, { timeout: 30_000 }).toBe('confirmed');
  });
});

/** The fenced block below the comment that names this file. */
async function testedBlock(): Promise<string> {
  const marked = /<!-- tested: e2e\/readme\.e2e\.spec\.ts -->\s*```sh\n([\s\S]*?)```/.exec(await readFile(readme, 'utf8'));
  if (marked?.[1] === undefined) throw new Error('README.md has no block marked as tested by this file.');
  return marked[1];
}
