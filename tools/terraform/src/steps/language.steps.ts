import { command } from '../command.ts';
import { configurations } from '../terraform.files.ts';
import type { Step } from './step.ts';

export const formatStep: Step = {
  name: 'format',
  needs: ['terraform'],
  async run(bench) {
    const { code, out, said } = await command('terraform', ['fmt', '-check', '-recursive'], { cwd: bench.folder });
    const files = out.trim().split('\n').filter(Boolean);
    return {
      summary: 'terraform fmt -check',
      findings: code === 0 ? [] : files.length > 0 ? files.map((file) => `${file} is not formatted`) : [said],
    };
  },
};

export const validateStep: Step = {
  name: 'validate',
  needs: ['terraform'],
  async run(bench) {
    const folders = configurations();
    const findings: string[] = [];
    for (const folder of folders) {
      const { code, said } = await bench.terraform(folder, ['validate', '-no-color']);
      if (code !== 0) findings.push(`${folder}: ${said.trim()}`);
    }
    return { summary: `${folders.length} folders against the schema of ${bench.provider}`, findings };
  },
};
