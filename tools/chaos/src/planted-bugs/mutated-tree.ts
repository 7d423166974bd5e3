import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, readlink, symlink, writeFile } from 'node:fs/promises';
import { basename, delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { temporaryFolder } from '@emporium/local';
import type { PlantedBug } from './planted-bug.ts';
import { replaceAll } from './replace.ts';

const run = promisify(execFile);
const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../../../..');

/** A repository beside the real one, with a mistake in it, built as far as the mistake reaches. */
export interface MutatedTree {
  /** For `startPlatform`. */
  readonly root: string;
  remove(): Promise<void>;
}

/**
 * Copies sources and builds to a temporary folder, makes the mistake there and builds the changed packages with their own scripts.
 * Third-party packages are shared by symbolic links; those of the workspace resolve to the copy, so that a changed lib reaches every service.
 */
export async function mutatedTree(
  { id, replacements }: Pick<PlantedBug, 'id' | 'replacements'>,
  root = ROOT,
): Promise<MutatedTree> {
  const texts = replaceAll(replacements, (file) => readFileSync(join(root, file), 'utf8'));
  const folder = await temporaryFolder(`planted-${id}`);
  try {
    await copyProjects(root, folder.path);
    await linkPackages(root, folder.path);
    for (const [file, text] of texts) await writeFile(join(folder.path, file), text);
    const changed = [...texts.keys()].filter((file) => file.includes('/src/')).map((file) => file.split('/', 2).join('/'));
    await Promise.all([...new Set(changed)].map((project) => build(join(folder.path, project), root)));
    return { root: folder.path, remove: folder.remove };
  } catch (error) {
    await folder.remove();
    throw error;
  }
}

async function copyProjects(from: string, to: string): Promise<void> {
  for (const file of ['package.json', '.swcrc']) await cp(join(from, file), join(to, file));
  const isOurs = (path: string) => !['node_modules', 'coverage', 'test'].includes(basename(path));
  for (const part of ['libs', 'services', 'tools'])
    await cp(join(from, part), join(to, part), { recursive: true, filter: isOurs });
}

/** The folder of workspace packages is made anew with its relative links, which then lead into the copy; all else stays where it is. */
async function linkPackages(from: string, to: string): Promise<void> {
  const [packages, copy] = [join(from, 'node_modules'), join(to, 'node_modules')];
  await mkdir(join(copy, '@emporium'), { recursive: true });
  for (const name of await readdir(packages)) {
    if (name !== '@emporium') await symlink(join(packages, name), join(copy, name));
  }
  for (const name of await readdir(join(packages, '@emporium'))) {
    await symlink(await readlink(join(packages, '@emporium', name)), join(copy, '@emporium', name));
  }
  // Versions that differ from the root's.
  for (const part of ['libs', 'services']) {
    for (const name of await readdir(join(from, part))) {
      const own = join(part, name, 'node_modules');
      if (existsSync(join(from, own))) await symlink(join(from, own), join(to, own));
    }
  }
}

async function build(project: string, root: string): Promise<void> {
  const { scripts } = JSON.parse(await readFile(join(project, 'package.json'), 'utf8')) as { scripts: { build: string } };
  const PATH = [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter);
  await run('sh', ['-c', scripts.build], { cwd: project, env: { ...process.env, PATH } });
}
