// Puts the pinned Node at node_modules/.bin/node, where `npm run` finds it before any other. npm should do that, but
// before version 11 it takes the link away again together with the packages of foreign systems, which bear the same name.
// Runs after every `npm install`, under whichever Node that uses, from 18 up.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** Makes the link where it is missing; does nothing on Windows and where no pinned Node was installed. */
export function linkNode() {
  if (process.platform === 'win32') return;
  const modules = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', 'node_modules');
  const target = path.join('..', `node-${process.platform}-${process.arch}`, 'bin', 'node');
  const link = path.join(modules, '.bin', 'node');
  if (fs.existsSync(link) || !fs.existsSync(path.resolve(modules, '.bin', target))) return;
  fs.rmSync(link, { force: true });
  fs.symlinkSync(target, link);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(fs.realpathSync(process.argv[1])).href)
  linkNode();
