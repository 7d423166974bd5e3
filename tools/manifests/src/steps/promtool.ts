import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { Finding } from '../finding.ts';
import { ROOT } from '../repository.ts';
import { need, run } from '../tools.ts';
import type { Step } from './step.ts';

const MONITORING = join(ROOT, 'deploy/kubernetes/components/monitoring');
export const ALERTS = ['alerts.yaml', 'alerts-of-stores.yaml'];

/** The alerts and their tests, as Prometheus reads rules: without the PrometheusRule around them. */
export const promtool: Step = {
  name: 'promtool',
  run({ folder }) {
    need('promtool');
    const rules = join(folder, 'rules');
    mkdirSync(rules);
    const findings: Finding[] = [];
    for (const file of ALERTS) {
      const { groups } = parse(readFileSync(join(MONITORING, file), 'utf8')).spec;
      const plain = join(rules, `${basename(file, '.yaml')}.rules.yaml`);
      writeFileSync(plain, stringify({ groups }));
      const { code, output, errors } = run('promtool', ['check', 'rules', plain]);
      if (code !== 0) findings.push(found(`${output}${errors}`));
    }
    const test = join(rules, 'alerts.test.yaml');
    writeFileSync(test, readFileSync(join(MONITORING, 'alerts.test.yaml')));
    const { code, output, errors } = run('promtool', ['test', 'rules', test]);
    if (code !== 0) findings.push(found(`${output}${errors}`));
    return { looked: `${ALERTS.length} files of alerts and their tests`, findings };
  },
};

const found = (text: string): Finding => ({ step: 'promtool', build: 'monitoring', check: '', object: '', text: text.trim() });
