import type { Tool } from './tool.ts';
import { lockstep } from './tools/lockstep.ts';
import { rsync } from './tools/rsync.ts';
import { syncthing } from './tools/syncthing.ts';
import { unison } from './tools/unison.ts';

/** The programs in the order of the report. */
export const tools: readonly Tool[] = [lockstep, rsync, unison, syncthing(), syncthing(1)];
