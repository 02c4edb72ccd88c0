import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** A change of the program's text: `file` is how the module's path ends, and every `from` in it becomes `to`. */
export interface ProgramEdit {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** The environment in which a device runs a program that was altered. */
export function alteredProgram(...edits: readonly ProgramEdit[]): Readonly<Record<string, string>> {
  const loader = pathToFileURL(path.join(import.meta.dirname, 'altered.mjs')).href;
  return { NODE_OPTIONS: `--import ${loader}`, LOCKSTEP_TEST_EDITS: JSON.stringify(edits) };
}
