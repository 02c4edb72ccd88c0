import { type DiskPath, joinDisk, parentDisk } from '../filesystem/filesystem.ts';
import type { Observed } from '../model/disk.ts';
import type { History } from './history.ts';
import type { SeededRandom } from './seeded-random.ts';
import {
  flush,
  foldOn,
  giveUp,
  newContent,
  type Place,
  save,
  saveInPlace,
  type Seat,
  somePlace,
  withRoom,
} from './user-disk.ts';
import type { WorldMachine } from './world-machine.ts';
import { removeTree, textsBelow } from './world-tree.ts';

/**
 * Lets a user do one of the rarer things: swap two names, put another kind of thing at a name, put old content back, empty a file, or set a
 * time no clock ever showed. Like {@link actAsUser} otherwise.
 */
export function actRarely(machine: WorldMachine, random: SeededRandom, history: History): void {
  if (!machine.isPlugged()) return;
  withRoom(machine, () => {
    const place = somePlace(machine, random);
    const note = (what: string): void => void history.acts.push(`${machine.name}: ${what} ${place.name}`);
    const there = machine.disk.look(place.path);
    if (there !== undefined) actAt({ machine, random, history, note }, place, there);
  });
}

function actAt(seat: Seat, place: Place, there: Observed): void {
  switch (seat.random.below(6)) {
    case 0:
    case 1:
      return swap(seat, place);
    case 2:
    case 3:
      return changeKind(seat, place, there);
    case 4:
      return putBack(seat, place, there);
    case 5:
      return overdo(seat, place, there);
  }
}

function swap({ machine, random, history, note }: Seat, place: Place): void {
  const { disk } = machine;
  const other = somePlace(machine, random);
  const [from, to] = [place.path, other.path].map((path) => `${foldOn(machine, path)}/`) as [string, string];
  if (from.startsWith(to) || to.startsWith(from) || disk.look(other.path) === undefined) return;
  for (const { path } of [place, other])
    for (const content of textsBelow(disk, path)) history.moved.add(content);
  const beside = joinDisk(machine.root, '.saving');
  disk.rename(place.path, beside);
  disk.rename(other.path, place.path);
  disk.rename(beside, other.path);
  flush(machine, [], [parentDisk(place.path), parentDisk(other.path)]);
  note(`swap with ${other.name}:`);
}

function changeKind({ machine, random, history, note }: Seat, { path, name }: Place, there: Observed): void {
  const { disk } = machine;
  giveUp(machine, path, history);
  removeTree(disk, path);
  const parents = [parentDisk(path)];
  if (there.kind !== 'directory' && random.chance(0.3) && machine.traits.symlinks !== false) {
    disk.makeSymlink(random.pick(['a', '../b']), path);
    flush(machine, [], parents);
    return note('make a link of');
  }
  const content = newContent(history, random, machine.name);
  let file: DiskPath = path;
  if (there.kind !== 'directory') {
    disk.makeDirectory(path);
    parents.push(path);
    file = joinDisk(path, 'a');
  }
  saveInPlace(machine, file, content);
  flush(machine, [file], parents);
  history.completed.set(content, file === path ? name : `${name}/a`);
  note(`make a ${there.kind === 'directory' ? 'file' : 'directory with a file'} (${content.length} B) of`);
}

/** From the bin, or a copy made elsewhere: nothing is promised for such content a second time. */
function putBack({ machine, random, history, note }: Seat, { path }: Place, there: Observed): void {
  if (there.kind !== 'file' || history.givenUp.size === 0) return;
  const content = random.pick([...history.givenUp]);
  save(machine, path, content, history, random.chance(0.5));
  note(`put back (${content.length} B)`);
}

function overdo({ machine, random, history, note }: Seat, { path }: Place, there: Observed): void {
  if (there.kind !== 'file') return;
  if (random.chance(0.3)) {
    save(machine, path, '', history, random.chance(0.5));
    history.hasEmpty = true;
    return note('empty');
  }
  const timeNs = random.pick([-1n, 0n, 1n, 2n ** 31n * 1_000_000_000n, 4_000_000_000_000_000_007n]);
  machine.disk.setModifiedAt(path, timeNs);
  note(`set the time ${timeNs} of`);
}
