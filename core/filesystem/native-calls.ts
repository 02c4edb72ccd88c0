import { createRequire } from 'node:module';
import type koffiModule from 'koffi';
import { systemCode } from './node-observe.ts';

/** How a native call ended: undefined when it was done, else the system's code, e.g. `EEXIST`. */
export type NativeResult = string | undefined;

/** System calls that Node does not offer; each is absent where the system has none. */
export interface NativeCalls {
  readonly renameNew?: (from: string, to: string) => NativeResult;
  readonly exchange?: (a: string, b: string) => NativeResult;
  /** Both times at once: some disks do nothing, and say nothing, when only one is to be set. */
  readonly setTimes?: (
    path: string,
    times: { readonly accessedAtNs: bigint; readonly modifiedAtNs: bigint },
  ) => NativeResult;
  readonly setMode?: (path: string, mode: number) => NativeResult;
  /** Whether something is mounted at a path; undefined if the system does not tell. */
  readonly isMountPoint?: (path: string) => boolean | undefined;
  /** Takes the exclusive lock of an open file without waiting; it goes when the file is closed or the process ends. */
  readonly lockFile?: (fd: number) => NativeResult;
}

/** Codes by which a system or a disk says that it does not know a call or a flag. */
const notKnownHere = new Set(['ENOSYS', 'EINVAL', 'ENOTSUP', 'EOPNOTSUPP']);

/** Whether a result only says that this disk cannot do such a thing at all. */
export function isNotKnownHere(result: string): boolean {
  return notKnownHere.has(result);
}

interface CallNumbers {
  readonly here: number;
  readonly noFollow: number;
  readonly renameFunction: string;
  readonly renameNew: number;
  readonly exchange: number;
}

// From the systems' headers: fcntl.h, sys/stat.h, linux/fs.h and sys/stdio.h.
const numbers: Readonly<Record<string, CallNumbers>> = {
  linux: {
    here: -100,
    noFollow: 0x100,
    renameFunction: 'renameat2',
    renameNew: 1,
    exchange: 2,
  },
  darwin: {
    here: -2,
    noFollow: 0x20,
    renameFunction: 'renameatx_np',
    renameNew: 4,
    exchange: 2,
  },
};
const lockExclusiveNow = 2 | 4;

/** Linux's `statx`, from linux/stat.h: what a file's attributes are, and which of them the disk's driver knows (kernel 5.8 on). */
const statx = {
  noFollowNoAutomount: 0x100 | 0x800,
  bytes: 256,
  attributesAt: 8,
  attributesKnownAt: 56,
  mountRoot: 0x2000n,
};

/**
 * The native calls of a system through `koffi`; empty where koffi does not load, or the system or processor is one
 * whose numbers and 64-bit times are not known here.
 */
export function loadNativeCalls(
  platform: string = process.platform,
  arch: string = process.arch,
): NativeCalls {
  const call = numbers[platform];
  if (call === undefined || (arch !== 'x64' && arch !== 'arm64')) return {};
  const library = openLibrary();
  if (library === undefined) return {};
  const { bind } = library;
  const rename = bind(`int ${call.renameFunction}(int, str, int, str, uint32)`);
  const setTimes = bind('int utimensat(int, str, int64*, int)');
  const changeMode = bind('int fchmodat(int, str, uint32, int)');
  const lock = bind('int flock(int, int)');
  const lookMore = platform === 'linux' ? bind('int statx(int, str, int, uint32, _Out_ uint8*)') : undefined;
  return {
    ...(rename && {
      renameNew: (from, to) => rename(call.here, from, call.here, to, call.renameNew),
      exchange: (a, b) => rename(call.here, a, call.here, b, call.exchange),
    }),
    ...(setTimes && {
      setTimes(path, { accessedAtNs, modifiedAtNs }) {
        const accessed = splitTime(accessedAtNs);
        const modified = splitTime(modifiedAtNs);
        const times = [accessed.seconds, accessed.nanoseconds, modified.seconds, modified.nanoseconds];
        return setTimes(call.here, path, new BigInt64Array(times), call.noFollow);
      },
    }),
    ...(changeMode && { setMode: (path, mode) => changeMode(call.here, path, mode, call.noFollow) }),
    ...(lookMore && {
      isMountPoint(path) {
        const answer = new DataView(new ArrayBuffer(statx.bytes));
        const into = new Uint8Array(answer.buffer);
        if (lookMore(call.here, path, statx.noFollowNoAutomount, 0, into) !== undefined) return undefined;
        const known = answer.getBigUint64(statx.attributesKnownAt, true) & statx.mountRoot;
        if (known === 0n) return undefined;
        return (answer.getBigUint64(statx.attributesAt, true) & statx.mountRoot) !== 0n;
      },
    }),
    ...(lock && { lockFile: (fd) => lock(fd, lockExclusiveNow) }),
  };
}

/** Whole seconds, rounded down also before 1970, and the nanoseconds above them. */
export function splitTime(timeNs: bigint): { readonly seconds: bigint; readonly nanoseconds: bigint } {
  const nanoseconds = ((timeNs % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
  return { seconds: (timeNs - nanoseconds) / 1_000_000_000n, nanoseconds };
}

type Bound = (...values: readonly unknown[]) => NativeResult;

function openLibrary(): { readonly bind: (signature: string) => Bound | undefined } | undefined {
  try {
    const koffi = createRequire(import.meta.url)('koffi') as typeof koffiModule;
    const library = koffi.load(null);
    return {
      bind(signature) {
        try {
          const run = library.func(signature) as (...values: readonly unknown[]) => number;
          // koffi puts back the call's errno, so nothing between the two lines can blur it.
          return (...values) => (run(...values) === 0 ? undefined : systemCode(koffi.errno()));
        } catch {
          return undefined;
        }
      },
    };
  } catch {
    return undefined;
  }
}
