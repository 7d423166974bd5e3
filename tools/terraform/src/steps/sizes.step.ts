import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { command } from '../command.ts';
import { type Assumptions, costOf, type Plan, type Prices, sizeFindings } from '../sizes/sizes.ts';
import type { State } from '../sizes/state.ts';
import { root } from '../terraform.files.ts';
import type { Workbench } from '../workbench.ts';
import type { Step } from './step.ts';

// The load of docs/capacity.md.
const load = ['--rps', '10000', '--peak', '3', '--headroom', '0.3'];
const measured = ['--costs', 'loadtests/baselines/load-700.json', '--mix', 'tools/capacity/data/mix-of-a-run.json'];

const readJson = <T>(path: string) => JSON.parse(readFileSync(path, 'utf8')) as T;

async function planned(bench: Workbench): Promise<Plan> {
  const file = join(bench.scratch, 'plan.json');
  // It ends with 1 because a run measures no traffic; the plan is complete without.
  const { said } = await command(process.execPath, ['tools/capacity/run.mjs', ...load, ...measured, '--json', file], {
    cwd: root,
  });
  if (!existsSync(file)) throw new Error(`there is no plan: ${said}`);
  return readJson<Plan>(file);
}

export const sizesStep: Step = {
  name: 'sizes',
  needs: ['terraform'],
  async run(bench) {
    const file = join(bench.scratch, 'state-environments-production-everything.json');
    if (!existsSync(file))
      return { summary: 'production against docs/capacity.md', findings: ['production left no state to look at'] };
    const state = readJson<State>(file);
    const plan = await planned(bench);
    const prices = readJson<Prices>(join(root, 'tools/capacity/data/prices.json'));
    const assumptions = readJson<Assumptions>(join(root, 'tools/capacity/data/assumptions.json'));
    const { least, most } = costOf(state, plan, prices, assumptions.hoursPerMonth.value);
    return {
      summary: `production against docs/capacity.md; nodes, disks and clusters ${Math.round(least)} to ${Math.round(most)} USD a month`,
      findings: sizeFindings(state, plan, prices, assumptions),
    };
  },
};
