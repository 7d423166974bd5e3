import { isBuiltin } from 'node:module';
import { filesOf, ROOT, textOf } from './repository.ts';

interface Manifest {
  name: string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

export interface Undeclared {
  readonly file: string;
  readonly package: string;
}

/** Imports of packages that the project's package.json does not name. Nx draws its graph from there, so one missing makes `affected` wrong. */
export function undeclaredImports(project: string, root = ROOT): Undeclared[] {
  const manifest = JSON.parse(textOf(`${project}/package.json`, root)) as Manifest;
  const tools = Object.keys((JSON.parse(textOf('package.json', root)) as Manifest).devDependencies ?? {});
  const own = [manifest.name, ...Object.keys({ ...manifest.dependencies, ...manifest.devDependencies })];
  // Declared, libs/testing would close circles in Nx's graph: it is built on the libs whose specs use it.
  const forSpecs = [...tools, '@emporium/testing', '@emporium/stripe-simulator'];
  return filesOf([`${project}/{src,test}/**/*.ts`], root).flatMap((file) => {
    const allowed = new Set(isSpec(file) ? [...own, ...forSpecs] : own);
    const strange = packagesIn(textOf(file, root)).filter((name) => !allowed.has(name));
    return strange.map((name) => ({ file, package: name }));
  });
}

const IMPORT = /^\s*(?:import|export)\s+(?:[\w$*\s{},]+?\sfrom\s+)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm;

/** Names of the packages a source imports, each once; Node's own modules and files are not packages. */
export function packagesIn(source: string): string[] {
  const specifiers = [...source.matchAll(IMPORT)];
  const names = specifiers
    .map(([, plain, dynamic]) => plain ?? dynamic ?? '')
    .filter((name) => /^[@a-z]/i.test(name) && !isBuiltin(name));
  return [...new Set(names.map(packageOf))];
}

function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

function isSpec(file: string): boolean {
  return file.endsWith('.spec.ts') || /^(services|libs)\/[^/]+\/test\//.test(file) || file.startsWith('libs/testing/');
}
