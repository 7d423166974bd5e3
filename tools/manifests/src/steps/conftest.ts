import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { callsIn, MANAGEMENT_PORTS, PORTS } from '../calls.ts';
import type { Finding } from '../finding.ts';
import { ROOT, textOf } from '../repository.ts';
import { run } from '../tools.ts';
import type { Step } from './step.ts';

const results = z.array(
  z.object({ successes: z.number().optional(), failures: z.array(z.object({ msg: z.string() })).optional() }),
);

const POLICIES = join(ROOT, 'deploy/policies');

/** Our own policies: first their tests, then the builds. */
export const conftest: Step = {
  name: 'conftest',
  run({ builds, folder }) {
    const verified = run('conftest', ['verify', '--policy', POLICIES, '--output', 'json']);
    const tests = results.parse(JSON.parse(verified.output || '[]'));
    const passed = tests.reduce((sum, { successes = 0 }) => sum + successes, 0);
    const findings: Finding[] = [];
    if (verified.code !== 0 || passed === 0) {
      const failed = tests.flatMap(({ failures = [] }) => failures.map(({ msg }) => msg));
      findings.push(found('policies', `their tests fail: ${failed.join(', ') || verified.errors}`));
    }

    const data = join(folder, 'calls.json');
    writeFileSync(
      data,
      JSON.stringify({ calls: callsIn(textOf('docs/calls.md')), ports: PORTS, managementPorts: MANAGEMENT_PORTS }),
    );
    let held = 0;
    for (const build of builds) {
      const { output, errors } = run('conftest', [
        'test',
        '--combine',
        '--policy',
        POLICIES,
        '--data',
        data,
        '--output',
        'json',
        build.file,
      ]);
      if (output === '') throw new Error(`conftest: ${errors}`);
      for (const { successes = 0, failures = [] } of results.parse(JSON.parse(output))) {
        held += successes;
        findings.push(...failures.map(({ msg }) => found(build.name, msg)));
      }
    }
    return { looked: `${passed} tests of the policies, ${held} times a rule held`, findings };
  },
};

const found = (build: string, text: string): Finding => ({ step: 'conftest', build, check: '', object: '', text });
