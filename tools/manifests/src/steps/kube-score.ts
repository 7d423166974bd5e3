import { z } from 'zod';
import type { Finding } from '../finding.ts';
import { run } from '../tools.ts';
import type { Step } from './step.ts';

const GRADE_ALMOST_OK = 7;

const report = z.array(
  z.object({
    type_meta: z.object({ kind: z.string() }),
    object_meta: z.object({ name: z.string() }),
    checks: z.array(
      z.object({
        check: z.object({ id: z.string() }),
        grade: z.number(),
        skipped: z.boolean(),
        comments: z.array(z.object({ path: z.string(), summary: z.string() })).nullable(),
      }),
    ),
  }),
);

/** Advice on availability and safety; warnings count as findings, so that each is either followed or answered. */
export const kubeScore: Step = {
  name: 'kube-score',
  run({ builds }) {
    const findings: Finding[] = [];
    let checks = 0;
    for (const build of builds) {
      const { output, errors } = run('kube-score', ['score', '--output-format', 'json', build.file]);
      if (output === '') throw new Error(`kube-score: ${errors}`);
      for (const { type_meta, object_meta, checks: graded } of report.parse(JSON.parse(output))) {
        const object = `${type_meta.kind}/${object_meta.name}`;
        for (const { check, grade, skipped, comments } of graded) {
          if (skipped) continue;
          checks += 1;
          if (grade > GRADE_ALMOST_OK) continue;
          const text = (comments ?? []).map(({ path, summary }) => `${path} ${summary}`.trim()).join('; ');
          findings.push({ step: 'kube-score', build: build.name, check: check.id, object, text });
        }
      }
    }
    return { looked: `${checks} checks`, findings };
  },
};
