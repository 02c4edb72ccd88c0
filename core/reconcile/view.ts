import {
  compareMembers,
  type Content,
  contentOf,
  isLiving,
  type Member,
  sameContent,
} from '../model/entry.ts';
import type { HashPrefix } from '../model/ids.ts';
import { prefixOfContent } from './content-prefix.ts';

/** What users see at one path: a function of its members and of whether anything lives below it, the same on every device. */
export interface PathView {
  /** The member shown, whose mode and times hold; undefined where nothing was ever written, or a directory exists only for what lives below it. */
  readonly winner: Member | undefined;
  /** What is at the path; undefined when nothing is. */
  readonly content: Content | undefined;
  /** Members that say the same as the winner, largest first, without the winner. */
  readonly alike: readonly Member[];
  /** Members that give way without being a conflict, largest first. */
  readonly overruled: readonly Member[];
  /** The other versions that stand: groups of one content each, largest first within a group and among groups. */
  readonly conflicts: readonly (readonly Member[])[];
}

/** Members of one kind and content, largest first. */
interface Group {
  readonly content: Content | undefined;
  readonly prefix: HashPrefix | undefined;
  readonly members: readonly [Member, ...Member[]];
  readonly from: ReadonlySet<HashPrefix>;
}

/**
 * Computes the view of a path [RC3-RC9]. `members` are concurrent and may come in any order; `hasLivingBelow` says whether the
 * view has anything at any path below this one.
 */
export function viewOf(members: readonly Member[], hasLivingBelow: boolean): PathView {
  const groups = groupsOf(members);
  const overruled = overruledGroups(groups, hasLivingBelow);
  const standing = groups.filter((group) => !overruled.has(group));
  const first = hasLivingBelow ? standing.find((group) => group.content?.kind === 'directory') : standing[0];
  return {
    winner: first?.members[0],
    content: hasLivingBelow ? { kind: 'directory' } : first?.content,
    alike: first?.members.slice(1) ?? [],
    overruled: groups
      .filter((group) => overruled.has(group))
      .flatMap((group) => group.members)
      .sort(largestFirst),
    conflicts: standing.filter((group) => group !== first).map((group) => group.members),
  };
}

function largestFirst(a: Member, b: Member): number {
  return compareMembers(b, a);
}

/** Groups of equal kind and content, by their largest member, largest first. */
function groupsOf(members: readonly Member[]): Group[] {
  const lists: [Member, ...Member[]][] = [];
  for (const member of [...members].sort(largestFirst)) {
    const content = contentOf(member.entry);
    const list = lists.find((others) => sameContent(contentOf(others[0].entry), content));
    if (list === undefined) lists.push([member]);
    else list.push(member);
  }
  return lists.map((list) => {
    const content = contentOf(list[0].entry);
    return {
      content,
      prefix: content === undefined ? undefined : prefixOfContent(content),
      members: list,
      from: new Set(list.flatMap((member) => member.entry.from)),
    };
  });
}

function overruledGroups(groups: readonly Group[], hasLivingBelow: boolean): ReadonlySet<Group> {
  const overruled = new Set<Group>();
  const living = groups.filter((group) => group.content !== undefined);
  const tombstones = groups.find((group) => group.content === undefined);
  for (const group of living) {
    if (tombstones !== undefined && isDeletedLeftover(group, tombstones)) overruled.add(group);
  }
  for (const group of supersededFiles(living)) overruled.add(group);

  const stands = (group: Group): boolean => !overruled.has(group);
  const directory = living.find((group) => group.content?.kind === 'directory');
  const others = living.filter((group) => group !== directory);
  if (hasLivingBelow) {
    // A directory member is shown though "overruled" by what lives below it: its author's wish and the view agree.
    if (directory !== undefined) overruled.delete(directory);
  } else if (directory !== undefined && others.some(stands)) overruled.add(directory);
  if (tombstones !== undefined && (hasLivingBelow || living.some(stands))) overruled.add(tombstones);
  return overruled;
}

/** Whether everyone who says `group` is there only came upon it, without a base, and a deletion names it as what it deleted. */
function isDeletedLeftover(group: Group, tombstones: Group): boolean {
  if (group.prefix === undefined || !tombstones.from.has(group.prefix)) return false;
  return group.members.every((member) => isLiving(member.entry) && member.entry.found);
}

/** Files that another file was edited from, unless the steps lead round in a ring: then neither is the newer one. */
function supersededFiles(living: readonly Group[]): Group[] {
  const files = living.filter((group) => group.content?.kind === 'file');
  if (files.length < 2) return [];
  const below = new Map(
    files.map((group) => [group, files.filter((other) => other !== group && isEditedFrom(group, other))]),
  );
  const reaches = (start: Group, end: Group): boolean => {
    const visited = new Set<Group>();
    const open = [start];
    for (let group = open.pop(); group !== undefined; group = open.pop()) {
      if (group === end) return true;
      if (visited.has(group)) continue;
      visited.add(group);
      open.push(...(below.get(group) ?? []));
    }
    return false;
  };
  return files.filter((older) =>
    files.some((newer) => below.get(newer)?.includes(older) && !reaches(older, newer)),
  );
}

function isEditedFrom(newer: Group, older: Group): boolean {
  return older.prefix !== undefined && newer.from.has(older.prefix);
}
