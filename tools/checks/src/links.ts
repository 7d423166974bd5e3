import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT, textOf } from './repository.ts';

/** What is wrong with the relative links of a Markdown file: no such file, no such line, no such heading. Web addresses are not looked at. */
export function brokenLinks(file: string, root = ROOT): string[] {
  return linksIn(textOf(file, root)).flatMap((link) => {
    const problem = problemWith(link, file, root);
    return problem === undefined ? [] : [`${file}: ${link} (${problem})`];
  });
}

/** Targets of the links and pictures of a Markdown text that point into the repository; what stands in code is not a link. */
export function linksIn(markdown: string): string[] {
  const text = markdown.replaceAll(/^(```|~~~)[\s\S]*?^\1/gm, '').replaceAll(/`[^`\n]*`/g, '');
  const inline = [...text.matchAll(/\]\(\s*<?([^)\s>]+)>?[^)]*\)/g)];
  const references = [...text.matchAll(/^\s*\[[^\]]+\]:\s*(\S+)/gm)];
  return [...inline, ...references].map((match) => match[1] ?? '').filter((target) => !/^([a-z]+:|\/\/)/i.test(target));
}

function problemWith(link: string, from: string, root: string): string | undefined {
  const [path = '', anchor] = decodeURI(link).split('#');
  const target = path === '' ? join(root, from) : join(root, path.startsWith('/') ? '' : dirname(from), path);
  if (!existsSync(target)) return 'no such file';
  if (anchor === undefined || anchor === '' || statSync(target).isDirectory()) return undefined;
  const text = readFileSync(target, 'utf8');
  const line = /^L(\d+)(?:-L(\d+))?$/.exec(anchor);
  if (line !== null)
    return Math.max(Number(line[1]), Number(line[2] ?? 0)) > text.split('\n').length ? 'no such line' : undefined;
  return target.endsWith('.md') && !headingsOf(text).includes(anchor) ? 'no such heading' : undefined;
}

/** As GitHub makes anchors: lower case, punctuation gone, spaces to hyphens. */
function headingsOf(markdown: string): string[] {
  return [...markdown.matchAll(/^#{1,6}\s+(.+?)\s*$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(/\s/g, '-'),
  );
}
