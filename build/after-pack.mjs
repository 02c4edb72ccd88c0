import fs from 'node:fs';
import path from 'node:path';

/**
 * Called by electron-builder when the packed folder stands, and before it is sealed. Takes out Electron's own program, which would run what
 * anybody names; electron-builder leaves it in an Electron that it has not downloaded itself.
 * @param {{ appOutDir: string, packager: { getResourcesDir(appOutDir: string): string } }} context
 */
export function afterPack({ appOutDir, packager }) {
  fs.rmSync(path.join(packager.getResourcesDir(appOutDir), 'default_app.asar'), { force: true });
}
