import { parse } from 'yaml';
import { z } from 'zod';
import type { Finding } from './finding.ts';

const schema = z.array(
  z.strictObject({
    step: z.enum(['kube-score', 'checkov']),
    check: z.string().min(1),
    /** `Kind/name`, where * stands for any text. */
    objects: z.array(z.string().regex(/^[\w*]+\/[\w*-]+$/)).min(1),
    reason: z.string().min(20),
  }),
);

export type Exception = z.output<typeof schema>[number];

export const readExceptions = (text: string): Exception[] => schema.parse(parse(text));

/** Parts what is excused from what is not, and says which exceptions excuse nothing any more. */
export class Exceptions {
  private readonly exceptions: readonly Exception[];
  private readonly used = new Set<string>();

  constructor(exceptions: readonly Exception[]) {
    this.exceptions = exceptions;
  }

  /** What no exception covers. */
  unexcused(findings: readonly Finding[]): Finding[] {
    return findings.filter((finding) => !this.excuses(finding));
  }

  /** Of the steps that were carried out over everything: an exception that outlived its reason hides the next finding. */
  unused(steps: readonly string[]): string[] {
    return this.exceptions
      .filter(({ step }) => steps.includes(step))
      .flatMap(({ step, check, objects }) => objects.map((object) => `${step} ${check} ${object}`))
      .filter((name) => !this.used.has(name));
  }

  private excuses({ step, check, object }: Finding): boolean {
    let excused = false;
    for (const exception of this.exceptions) {
      if (exception.step !== step || exception.check !== check) continue;
      for (const pattern of exception.objects.filter((text) => matches(text, object))) {
        this.used.add(`${step} ${check} ${pattern}`);
        excused = true;
      }
    }
    return excused;
  }
}

function matches(pattern: string, text: string): boolean {
  const escaped = pattern.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${escaped}$`).test(text);
}
