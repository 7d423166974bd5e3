import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const release = join(dirname(createRequire(import.meta.url).resolve('speedscope/package.json')), 'dist/release');

/**
 * A page with speedscope and one profile in it, which needs nothing else. It is handed over as speedscope's own command line does it, but
 * within the page: `localProfilePath` makes it offer `loadFileFromBase64`.
 */
export function flameGraphPage(name: string, profile: string): string {
  const index = readFileSync(join(release, 'index.html'), 'utf8');
  const script = readRelease(named(index, /<script src="([^"]+)">/)).toString('utf8');
  const styles = readRelease(named(index, /<link rel="stylesheet" href="([^"]+)">/)).toString('utf8');
  const load = `location.hash = '#localProfilePath=' + encodeURIComponent(${inScript(name)}) + '&title=' + encodeURIComponent(${inScript(name)});
    Object.defineProperty(window, 'speedscope', {
      set: (offer) => offer.loadFileFromBase64(${inScript(name)}, ${inScript(Buffer.from(profile).toString('base64'))}),
    });`;
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${name}</title><style>${withFonts(styles)}</style></head>
<body><script>${load}</script>
<script>${script.replaceAll('</script', '<\\/script')}</script></body>
</html>
`;
}

const readRelease = (file: string): Buffer => readFileSync(join(release, file));

const inScript = (text: string) => JSON.stringify(text).replaceAll('<', '\\u003c');

const withFonts = (styles: string) =>
  styles.replace(/url\("?\.?\/?([\w.-]+\.woff2)"?\)/g, (_, file: string) => {
    return `url(data:font/woff2;base64,${readRelease(file).toString('base64')})`;
  });

function named(index: string, pattern: RegExp): string {
  const file = pattern.exec(index)?.[1];
  if (file === undefined) throw new Error(`speedscope's page has no ${pattern.source}.`);
  return file;
}
