import fs from 'node:fs';
import path from 'node:path';
import { makePlace, removePlace, run, whyNoMounts } from './mounts.ts';

/** What a kind of disk can do; the cases ask for it. */
export interface DiskTraits {
  /** Names that differ in case alone are one name. */
  readonly folds: boolean;
  readonly symlinks: boolean;
  readonly hardLinks: boolean;
  /** FIFOs and sockets. */
  readonly specials: boolean;
  /** The executable bit is kept. */
  readonly modes: boolean;
  /** A change time that nobody can set: what was written to a file can be seen though size and time are as before. */
  readonly changeTimes: boolean;
  /** Names that this disk refuses. */
  readonly refuses: (name: string) => boolean;
  /** Times are kept in steps of this many seconds; 0 if to the 100 nanoseconds or finer. */
  readonly timeStepS: number;
  /** The seconds since 1970 that it can keep. */
  readonly times: readonly [number, number];
  /** `chattr +i` works. */
  readonly immutable: boolean;
  /** Files can share blocks. */
  readonly clones: boolean;
}

/** A file system that can be made and mounted. */
export interface DiskKind {
  readonly name: string;
  readonly traits: DiskTraits;
  /** The programs it takes; where one is missing the kind is skipped. */
  readonly needs: readonly string[];
  /** Makes the file system and mounts it at `folder`, an empty directory. */
  readonly mount: (folder: string, image: string) => void;
}

const posix: DiskTraits = {
  folds: false,
  symlinks: true,
  hardLinks: true,
  specials: true,
  modes: true,
  changeTimes: true,
  refuses: () => false,
  timeStepS: 0,
  times: [-2_147_483_648, 4_102_444_800],
  immutable: true,
  clones: false,
};

const portable: DiskTraits = {
  ...posix,
  folds: true,
  symlinks: false,
  hardLinks: false,
  specials: false,
  modes: false,
  changeTimes: false,
  refuses: (name) => /[<>:"|?*\\\p{Cc}]/u.test(name),
  timeStepS: 2,
  times: [315_532_800, 4_102_444_800],
  immutable: false,
};

const ntfs: DiskTraits = {
  ...posix,
  modes: false,
  immutable: false,
  times: [-11_000_000_000, 4_102_444_800],
};

/** LIMIT: sparse image files; a device leaves 64 MiB of a disk free, and xfs wants 300. */
const imageBytes = 512 * 1024 * 1024;

function loop(make: readonly [string, ...string[]]): DiskKind['mount'] {
  return (folder, image) => {
    const [program, ...args] = make;
    run(program, ...args, image);
    run('mount', '-o', 'loop', image, folder);
  };
}

/** Every kind of disk the suite knows. */
export const diskKinds: readonly DiskKind[] = [
  { name: 'ext4', traits: posix, needs: ['mkfs.ext4'], mount: loop(['mkfs.ext4', '-q', '-F']) },
  {
    name: 'btrfs',
    traits: { ...posix, clones: true },
    needs: ['mkfs.btrfs'],
    mount: loop(['mkfs.btrfs', '-q', '-f']),
  },
  {
    name: 'xfs',
    traits: { ...posix, clones: true },
    needs: ['mkfs.xfs'],
    mount: loop(['mkfs.xfs', '-q', '-f']),
  },
  {
    name: 'exFAT',
    traits: portable,
    needs: ['mkfs.exfat', 'mount.exfat-fuse'],
    mount(folder, image) {
      run('mkfs.exfat', image);
      run('mount', '-t', 'exfat-fuse', '-o', 'loop', image, folder);
    },
  },
  {
    name: 'NTFS',
    traits: ntfs,
    needs: ['mkntfs', 'ntfs-3g'],
    mount: ntfsWith([]),
  },
  {
    name: 'NTFS with the names of Windows',
    traits: { ...ntfs, refuses: isRefusedByWindows },
    needs: ['mkntfs', 'ntfs-3g'],
    mount: ntfsWith(['-o', 'windows_names']),
  },
];

function ntfsWith(options: readonly string[]): DiskKind['mount'] {
  return (folder, image) => {
    run('mkntfs', '-F', '-q', '-f', image);
    run('ntfs-3g', ...options, image, folder);
  };
}

function isRefusedByWindows(name: string): boolean {
  return /[<>:"|?*\\\p{Cc}]|[. ]$|^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/iu.test(name);
}

/** A disk that is mounted in a place of its own. */
export interface MountedDisk {
  readonly kind: DiskKind;
  /** Everything of this test lies in it; the disk is mounted at `disk` there. */
  readonly place: string;
  readonly disk: string;
  remove(): void;
}

/** Makes and mounts a disk of a kind. */
export function mountDisk(kind: DiskKind): MountedDisk {
  const place = makePlace();
  try {
    const disk = path.join(place, 'disk');
    const image = path.join(place, 'image');
    fs.mkdirSync(disk);
    fs.writeFileSync(image, '');
    fs.truncateSync(image, imageBytes);
    kind.mount(disk, image);
    return { kind, place, disk, remove: () => removePlace(place) };
  } catch (error) {
    removePlace(place);
    throw error;
  }
}

/** Why there can be no disk of this kind here, found out by making one: undefined if there can. */
export function whyNoDisk(kind: DiskKind): string | undefined {
  const reason = whyNoMounts() ?? whyNoPrograms(kind.needs);
  if (reason !== undefined) return reason;
  try {
    mountDisk(kind).remove();
    return undefined;
  } catch (error) {
    return `this system does not let us mount it: ${(error as Error).message.split('\n')[0]}`;
  }
}

/** Which of these programs are missing: undefined if none is. */
export function whyNoPrograms(names: readonly string[]): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/sbin'];
  const missing = names.filter((name) => !folders.some((folder) => fs.existsSync(path.join(folder, name))));
  return missing.length === 0 ? undefined : `${missing.join(', ')} missing`;
}
