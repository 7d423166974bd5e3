import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Checklist } from './checklist.ts';
import { whatIsMissing } from './engine.ts';
import { tablesOf } from './report.ts';
import { testContainers } from './run.ts';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
/** Neither passed nor failed: what automake and others take for skipped. */
const SKIPPED = 77;

/** `npm run test:containers`. Returns the exit code: 0 only if everything held, 77 where it could not be tried. */
export async function main(): Promise<number> {
  const missing = await whatIsMissing();
  if (missing !== undefined) {
    console.log(`SKIPPED, not passed: there is no ${missing.replace(/^a /, '')} on this machine.`);
    return SKIPPED;
  }
  const say = (line: string) => console.log(line);
  const list = new Checklist(say);
  try {
    console.log(`\n${tablesOf(await testContainers({ root: ROOT, list, say }))}\n`);
  } catch (error) {
    list.none('the test runs to its end', [error instanceof Error ? error.message : String(error)]);
  }
  console.log(`${list.passed} passed, ${list.failed} failed`);
  return list.failed === 0 ? 0 : 1;
}
