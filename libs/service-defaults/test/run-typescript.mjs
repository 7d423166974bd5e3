import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { transformSync } from '@swc/core';

const { jsc, module } = JSON.parse(readFileSync(new URL('../../../.swcrc', import.meta.url), 'utf8'));

/** Lets a child process of a spec run the sources as they are, decorators included; nothing needs to be built before. */
registerHooks({
  load(url, context, next) {
    if (!url.endsWith('.ts')) return next(url, context);
    const filename = fileURLToPath(url);
    const options = {
      jsc: { ...jsc, rewriteRelativeImportExtensions: false },
      module,
      filename,
      sourceMaps: 'inline',
      swcrc: false,
    };
    const { code } = transformSync(readFileSync(filename, 'utf8'), options);
    return { format: 'module', source: code, shortCircuit: true };
  },
});
