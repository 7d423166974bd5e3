import { run } from './command.ts';

export const SERVICES = ['gateway', 'user', 'product', 'order', 'payment'] as const;
export const IMAGES = [...SERVICES, 'stripe-simulator'] as const;

export interface Image {
  readonly name: string;
  readonly bytes: number;
  readonly config: {
    readonly User: string;
    readonly StopSignal?: string;
    readonly Healthcheck?: { readonly Test: readonly string[] };
    readonly Labels?: Readonly<Record<string, string>>;
  };
  readonly inside: Inside;
}

/** What a process sees that runs in the image. */
export interface Inside {
  readonly uid: number;
  readonly ownBytes: number;
  /** Folders of installed packages, as the lock file names them. */
  readonly packages: readonly string[];
  readonly shells: readonly string[];
  /** What it could write to although the root is mounted read-only. */
  readonly written: readonly string[];
}

// Runs in the image, whose entry point is node: reads this program from its standard input.
const LOOK = `
import { existsSync, globSync, lstatSync, writeFileSync } from 'node:fs';
const isFile = (path) => lstatSync(path).isFile();
const bytes = globSync('/app/**/*').filter(isFile).reduce((sum, path) => sum + lstatSync(path).size, 0);
const packages = globSync('/app/**/node_modules/{*,@*/*}/package.json')
  .map((path) => path.slice('/app/'.length, -'/package.json'.length))
  .filter((path) => !path.includes('/@emporium/') && isFile('/app/' + path + '/package.json'));
const written = ['/probe', '/app/probe', '/tmp/probe', process.cwd() + '/probe'].filter((path) => {
  try { writeFileSync(path, ''); return true; } catch { return false; }
});
console.log(JSON.stringify({
  uid: process.getuid(),
  ownBytes: bytes,
  packages: [...new Set(packages)].sort(),
  shells: ['/bin/sh', '/bin/bash', '/usr/bin/sh', '/bin/busybox'].filter((path) => existsSync(path)),
  written,
}));
`;

export async function lookAt(name: string, tag: string): Promise<Image> {
  const reference = `emporium/${name}:${tag}`;
  const [inspected] = JSON.parse(await run('docker', ['image', 'inspect', reference])) as [
    { Size: number; Config: Image['config'] },
  ];
  const options = ['run', '--rm', '--interactive', '--network', 'none', '--read-only', '--cap-drop', 'ALL'];
  const inside = await run('docker', [...options, reference, '--input-type=module', '-'], { input: LOOK });
  return { name, bytes: inspected.Size, config: inspected.Config, inside: JSON.parse(inside) as Inside };
}
