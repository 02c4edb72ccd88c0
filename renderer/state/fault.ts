import type { ShellMethods } from '../../app/ipc/contract.ts';

/** LIMIT: places named, innermost first. */
const maxFrames = 20;

/** What may be told of an error that stopped a screen: its kind, and where in our own scripts. Its message stays here, for a name or a path may be in it. */
export function faultOf(error: unknown): Omit<ShellMethods['reportFault']['takes'], 'where'> {
  const { name, stack } =
    error instanceof Error
      ? { name: error.constructor.name, stack: error.stack ?? '' }
      : { name: '', stack: '' };
  const frames = [...stack.matchAll(/app:\/\/ui\/([\w./-]{1,160}:\d{1,9}:\d{1,9})/g)].map(
    ([, place = '']) => place,
  );
  return { name: /^\w{1,64}$/.test(name) ? name : 'Error', frames: frames.slice(0, maxFrames) };
}
