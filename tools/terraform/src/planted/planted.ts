import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isOnPath } from '../command.ts';
import { runMockedTests } from '../steps/mocked-tests.step.ts';
import { policyFindings } from '../steps/policies.step.ts';
import { terraformFolder } from '../terraform.files.ts';
import { Workbench } from '../workbench.ts';
import { type Mistake, mistakes } from './mistakes.ts';

function plant(folder: string, { file, from, to }: Mistake): void {
  const path = join(folder, file);
  const text = readFileSync(path, 'utf8');
  if (text.split(from).length !== 2) throw new Error(`${file} has not exactly one place for this mistake`);
  writeFileSync(path, text.replace(from, to));
}

async function saidAbout(mistake: Mistake, folder: string): Promise<string> {
  const bench = await Workbench.open(folder);
  try {
    if (mistake.seenBy === 'validate') return (await bench.terraform(dirname(mistake.file), ['validate', '-no-color'])).said;
    const { findings } = await runMockedTests(bench, 'environments/staging');
    return [...findings, ...(await policyFindings(bench))].join('\n');
  } finally {
    await bench.close();
  }
}

/** Plants each mistake into a copy, and tells whether it was found. */
export async function runPlanted(): Promise<number> {
  const missing = ['terraform', 'conftest'].filter((program) => !isOnPath(program));
  if (missing.length > 0) {
    console.log(`– planted mistakes: not run, ${missing.join(' and ')} not on the PATH`);
    return 1;
  }
  let found = 0;
  for (const mistake of mistakes) {
    const copy = mkdtempSync(join(tmpdir(), 'emporium-planted-'));
    try {
      cpSync(terraformFolder, copy, { recursive: true, filter: (path) => !path.includes('.terraform/') });
      plant(copy, mistake);
      const said = await saidAbout(mistake, copy);
      const hit = said.replace(/\s+/g, ' ').includes(mistake.says);
      if (hit) found += 1;
      console.log(`${hit ? '✓ found' : '✗ not found'}: ${mistake.name} (${mistake.seenBy})`);
      if (!hit) console.log(`    ${said.trim().slice(0, 2_000).replaceAll('\n', '\n    ')}`);
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
  }
  console.log(`${found} of ${mistakes.length} planted mistakes found`);
  return found === mistakes.length ? 0 : 1;
}
