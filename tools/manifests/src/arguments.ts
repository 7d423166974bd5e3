import { parseArgs } from 'node:util';

export interface Arguments {
  readonly builds: readonly string[];
  readonly only: readonly string[];
  readonly server: boolean;
  readonly unsetAllowed: boolean;
  readonly help: boolean;
}

export const usage = `npm run check:manifests -- [options]
  --build NAME       an overlay or a combination; may be repeated. All of them
  --only STEP        kubeconform, conftest, promtool, kube-score, checkov or server; may be repeated
  --server           also asks the API server of the current kubectl context, in a namespace of its own
  --release          placeholders are findings: what is left unset cannot be released`;

export function readArguments(argv: readonly string[]): Arguments {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      build: { type: 'string', multiple: true, default: [] },
      only: { type: 'string', multiple: true, default: [] },
      server: { type: 'boolean', default: false },
      'unset-allowed': { type: 'boolean', default: false },
      release: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const { build, only, server, release, help } = values;
  return { builds: build, only, server, unsetAllowed: values['unset-allowed'] && !release, help };
}
