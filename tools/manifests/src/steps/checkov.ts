import { z } from 'zod';
import type { Finding } from '../finding.ts';
import { run } from '../tools.ts';
import type { Step } from './step.ts';

const report = z.object({
  results: z.object({ failed_checks: z.array(z.object({ check_id: z.string(), check_name: z.string(), resource: z.string() })) }),
  summary: z.object({ passed: z.number(), parsing_errors: z.number() }),
});

/** Its own rules for Kubernetes, none of them fetched. */
export const checkov: Step = {
  name: 'checkov',
  run({ builds }) {
    const findings: Finding[] = [];
    let passed = 0;
    for (const build of builds) {
      const args = [
        '--file',
        build.file,
        '--framework',
        'kubernetes',
        '--output',
        'json',
        '--compact',
        '--quiet',
        '--skip-download',
      ];
      const { output, errors } = run('checkov', args);
      const parsed = report.safeParse(JSON.parse(output || 'null'));
      if (!parsed.success) throw new Error(`checkov: ${errors || output.slice(0, 500)}`);
      const { results, summary } = parsed.data;
      if (summary.parsing_errors > 0) throw new Error(`checkov cannot read ${build.name}.`);
      passed += summary.passed;
      for (const { check_id, check_name, resource } of results.failed_checks) {
        findings.push({ step: 'checkov', build: build.name, check: check_id, object: objectOf(resource), text: check_name });
      }
    }
    return { looked: `${passed} checks passed`, findings };
  },
};

/** `Deployment.emporium.order` or, for what is created by it, `Pod.emporium.order.app.kubernetes.io/name-order` */
export function objectOf(resource: string): string {
  const [kind = '', , name = ''] = resource.split('.');
  return `${kind}/${name}`;
}
