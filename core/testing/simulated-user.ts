import { type DiskPath, joinDisk, nameOfDisk, parentDisk } from '../filesystem/filesystem.ts';
import type { Observed } from '../model/disk.ts';
import type { History } from './history.ts';
import type { SeededRandom } from './seeded-random.ts';
import {
  flush,
  foldOn,
  giveUp,
  isAllowed,
  newContent,
  type Place,
  save,
  saveInPlace,
  type Seat,
  somePlace,
  withRoom,
} from './user-disk.ts';
import type { WorldMachine } from './world-machine.ts';
import { removeTree, textAt, textsBelow } from './world-tree.ts';

/** What users of a world do: anything, or only what must never make a conflict. */
export type Manners = 'wild' | 'gentle';

/** Names that are different ones on every disk. */
const plainNames = ['a', 'b', 'é'];
const deepest = 12;

/**
 * Lets a user do one random thing in a machine's folder and has it flushed, as programs that save do, with nothing in between.
 * Every content written is unlike any other, so that its fate can be told. A machine whose folder is away is left alone.
 */
export function actAsUser(machine: WorldMachine, random: SeededRandom, history: History): void {
  if (!machine.isPlugged()) return;
  withRoom(machine, () => {
    const place = somePlace(machine, random);
    const note = (what: string): void => void history.acts.push(`${machine.name}: ${what} ${place.name}`);
    const there = machine.disk.look(place.path);
    actAt({ machine, random, history, note }, place, there);
  });
}

/** Lets every user save the same new content at the same place, or only touch one file: no two versions come of it. */
export function actGently(machines: readonly WorldMachine[], random: SeededRandom, history: History): void {
  if (machines.some((machine) => !machine.isPlugged())) return;
  const machine = random.pick(machines);
  const place = somePlace(machine, random);
  if (random.chance(0.5)) {
    const note = (what: string): void => void history.acts.push(`${machine.name}: ${what} ${place.name}`);
    touch({ machine, random, history, note }, place.path, machine.disk.look(place.path));
    return;
  }
  const name = random.pick(plainNames);
  const places = machines.map((other) => joinDisk(other.root, name));
  const isFree = machines.every((other, i) => canHoldFile(other, places[i] as DiskPath));
  if (!isFree) return;
  const content = newContent(history, random, 'everybody');
  machines.forEach((other, i) => {
    withRoom(other, () => save(other, places[i] as DiskPath, content, history, random.chance(0.5)));
  });
  history.completed.set(content, name);
  history.acts.push(`everybody: save (${content.length} B) ${name}`);
}

function canHoldFile(machine: WorldMachine, path: DiskPath): boolean {
  const kind = machine.disk.look(path)?.kind;
  return isAllowed(machine, nameOfDisk(path)) && (kind === undefined || kind === 'file');
}

function actAt(seat: Seat, place: Place, there: Observed | undefined): void {
  const { machine, random, history, note } = seat;
  const { disk } = machine;
  switch (random.below(14)) {
    case 0:
    case 1:
    case 2:
    case 3:
      if (there === undefined || there.kind === 'file') write(seat, place, 'replace');
      break;
    case 4:
      if (there?.kind === 'file') write(seat, place, random.chance(0.5) ? 'in place' : 'append');
      break;
    case 5:
    case 6:
      if (there === undefined) break;
      giveUp(machine, place.path, history);
      removeTree(disk, place.path);
      flush(machine, [], [parentDisk(place.path)]);
      note('remove');
      break;
    case 7:
      if (there !== undefined) break;
      disk.makeDirectory(place.path);
      flush(machine, [], [parentDisk(place.path)]);
      note('make directory');
      break;
    case 8:
    case 9:
      move(seat, place, there);
      break;
    case 10:
      if (there?.kind === 'file') {
        disk.setMode(place.path, there.mode ^ 0o111);
        note('chmod');
      } else if (there === undefined && machine.traits.symlinks !== false) {
        disk.makeSymlink(random.pick(['a', 'nowhere', '../a']), place.path);
        flush(machine, [], [parentDisk(place.path)]);
        note('link');
      }
      break;
    case 11:
      touch(seat, place.path, there);
      break;
    case 12:
      if (there !== undefined) break;
      makeDeep(seat, place.path);
      break;
    case 13:
      if (there !== undefined || !random.chance(0.3)) break;
      saveInPlace(machine, place.path, '');
      flush(machine, [place.path], [parentDisk(place.path)]);
      history.hasEmpty = true;
      note('make empty file');
  }
}

function touch({ machine, random, note }: Seat, path: DiskPath, there: Observed | undefined): void {
  if (there?.kind !== 'file') return;
  if (random.chance(0.3)) {
    machine.disk.setMode(path, there.mode ^ 0o111);
    note('chmod');
  } else {
    machine.disk.setModifiedAt(path, BigInt(random.below(2 ** 31)) * 1_000_000_007n);
    note('touch');
  }
}

function write(
  { machine, random, history, note }: Seat,
  place: Place,
  how: 'replace' | 'in place' | 'append',
): void {
  const before = how === 'append' ? textAt(machine.disk, place.path) : '';
  const content = before + newContent(history, random, machine.name);
  save(machine, place.path, content, history, how === 'replace');
  history.completed.set(content, place.name);
  note(`${how} (${content.length} B)`);
}

function move({ machine, random, history, note }: Seat, place: Place, there: Observed | undefined): void {
  const { disk } = machine;
  const other = somePlace(machine, random);
  const [from, to] = [place.path, other.path].map((path) => `${foldOn(machine, path)}/`) as [string, string];
  const isRespelling = from === to;
  const isInside = !isRespelling && (from.startsWith(to) || to.startsWith(from));
  if (there === undefined || isInside || other.path === place.path) return;
  const target = isRespelling ? undefined : disk.look(other.path);
  if (target !== undefined && (target.kind === 'directory' || there.kind === 'directory')) return;
  if (!isRespelling) giveUp(machine, other.path, history);
  for (const content of textsBelow(disk, place.path)) history.moved.add(content);
  disk.rename(place.path, other.path);
  flush(machine, [], [parentDisk(place.path), parentDisk(other.path)]);
  note(`move to ${other.name}:`);
}

function makeDeep({ machine, random, history, note }: Seat, top: DiskPath): void {
  let path = top;
  const made: DiskPath[] = [];
  for (let depth = 2 + random.below(deepest); depth > 0; depth--) {
    machine.disk.makeDirectory(path);
    made.push(path);
    path = joinDisk(path, 'd');
  }
  const content = newContent(history, random, machine.name);
  saveInPlace(machine, path, content);
  flush(machine, [path], made);
  history.completed.set(content, path);
  note(`make ${made.length} directories deep`);
}
