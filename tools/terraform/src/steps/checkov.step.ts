import { command } from '../command.ts';
import type { Step } from './step.ts';

interface Check {
  check_id: string;
  check_name: string;
  resource: string;
  file_path: string;
  file_line_range: [number, number];
  check_result: { suppress_comment?: string };
}

interface Report {
  results: { passed_checks: Check[]; failed_checks: Check[]; skipped_checks: Check[] };
}

export const checkovStep: Step = {
  name: 'checkov',
  needs: ['checkov'],
  async run(bench) {
    const args = ['--directory', '.', '--framework', 'terraform', '--output', 'json', '--compact', '--skip-download'];
    const { out, said } = await command('checkov', args, { cwd: bench.folder, env: { LOG_LEVEL: 'ERROR' } });
    if (!out.trimStart().startsWith('{')) return { summary: 'no report', findings: [said.trim()] };
    const { passed_checks: passed = [], failed_checks: failed, skipped_checks: skipped } = (JSON.parse(out) as Report).results;
    const unexplained = skipped.filter(({ check_result }) => (check_result.suppress_comment ?? '').trim().length < 10);
    const kinds = new Set(skipped.map(({ check_id }) => check_id)).size;
    return {
      summary: `${passed.length} passed, ${failed.length} failed; ${skipped.length} exceptions of ${kinds} kinds, reasons beside the resource`,
      findings: [
        ...failed.map(
          (check) => `${check.file_path}:${check.file_line_range[0]} ${check.check_id} ${check.resource}: ${check.check_name}`,
        ),
        ...unexplained.map((check) => `${check.file_path} skips ${check.check_id} without a reason`),
      ],
    };
  },
};
