// assemble.mjs BUILT OUT: puts the installed packages and the built workspaces they name together as OUT/app.
// The workspaces a service needs are those npm has linked into node_modules; nothing else is copied.
import { cpSync, existsSync, globSync, mkdirSync, realpathSync } from 'node:fs';
import { join, relative } from 'node:path';

const [built, out] = process.argv.slice(2);
const app = join(out, 'app');
const RUN_TIME_PARTS = ['package.json', 'dist', 'migrations', 'pages'];
const isMap = (path) => path.endsWith('.map');

const copy = (from, to) => cpSync(from, to, { recursive: true, verbatimSymlinks: true, filter: (path) => !isMap(path) });

mkdirSync(app, { recursive: true });
for (const file of ['package.json', 'LICENSE']) copy(join(built, file), join(app, file));
copy('deploy/docker/probe.mjs', join(app, 'probe.mjs'));
copy('node_modules', join(app, 'node_modules'));

const workspaces = globSync('node_modules/@emporium/*').map((link) => relative(process.cwd(), realpathSync(link)));
for (const workspace of workspaces) {
  for (const part of RUN_TIME_PARTS) {
    if (existsSync(join(built, workspace, part))) copy(join(built, workspace, part), join(app, workspace, part));
  }
  const own = join(workspace, 'node_modules');
  if (existsSync(own)) copy(own, join(app, own));
}
