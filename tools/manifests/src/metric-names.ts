import { globSync } from 'node:fs';
import { ROOT, textOf } from './repository.ts';

/** Names in an expression of Prometheus that could be metrics: not functions, labels, keywords or texts. */
export function metricsIn(expression: string): string[] {
  const bare = expression
    .replaceAll(/"[^"]*"/g, '""')
    .replaceAll(/\{[^}]*\}/g, '')
    .replaceAll(/\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g, '')
    .replaceAll(/\[[^\]]*\]/g, '');
  const words = bare.matchAll(/[a-zA-Z_:][\w:]*(?!\s*\(|[\w:])/g);
  return [...new Set([...words].map(([word]) => word))].filter((word) => !KEYWORDS.has(word));
}

const KEYWORDS = new Set(['and', 'or', 'unless', 'bool', 'offset', 'inf', 'nan']);

/** The metrics that our sources make, histograms with the names of their series. */
export function metricsOfOurs(): Set<string> {
  const names = new Set<string>();
  for (const file of globSync('{libs,services}/*/src/**/*.ts', { cwd: ROOT, exclude: ['**/*.spec.ts'] })) {
    for (const [, kind, name = ''] of textOf(file).matchAll(/\b(counter|gauge|histogram)\(\s*'(emporium_\w+)'/g)) {
      if (kind !== 'histogram') names.add(name);
      else for (const suffix of ['bucket', 'count', 'sum']) names.add(`${name}_${suffix}`);
    }
  }
  return names;
}
