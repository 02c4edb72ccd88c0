import { type Commit, isSameButRenamed } from '../apply/apply.ts';
import { type Random, randomHex } from '../base/base.ts';
import { DiskError, type DiskRoot, type FileSystem, removeQuietly } from '../filesystem/filesystem.ts';
import type { BaseRow } from '../model/base-row.ts';
import { isExecutable, type Observed } from '../model/disk.ts';
import type { RelativePath } from '../model/path.ts';
import type { Problem } from '../model/problem.ts';
import type { FileSource, Operation } from '../plan/plan.ts';
import type { Spelling } from './spelling.ts';

/** Operations that need nothing from other devices, made ready in the staging directory. */
export interface StagedOperations {
  /** A symlink, ready to be put in place; nothing if this disk cannot hold one. */
  symlink(operation: Operation): Commit[];
  /**
   * The moves among `group` that need no bytes: a moved file keeps its inode: a second name in staging, put in place, then the first name goes.
   * Where something else is to come to the first name that still has to be fetched, the file is copied instead, so that two paths never stay one file.
   */
  moves(group: readonly Operation[]): Commit[];
  /** Takes something out of staging that is not wanted any more. */
  remove(stagedName: string): void;
}

/** What staging works with. */
export interface StagedOperationsDependencies {
  readonly fileSystem: FileSystem;
  readonly root: DiskRoot;
  readonly spell: Spelling;
  readonly random: Random;
  failed(path: RelativePath, problem: Problem): void;
}

/** Makes the staging of one folder under one healthy root. */
export function createStagedOperations(dependencies: StagedOperationsDependencies): StagedOperations {
  const { fileSystem, root, spell, random, failed } = dependencies;

  const removeStaged = (name: string): void => removeQuietly(fileSystem, root.stagedAt(name));

  const symlink = (operation: Operation): Commit[] => {
    if (operation.kind !== 'place-symlink') return [];
    const stagedName = `s-${randomHex(random, 8)}`;
    const staged = root.stagedAt(stagedName);
    try {
      fileSystem.makeSymlink(operation.wanted.target, staged);
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
      failed(operation.path, {
        kind: 'kind-not-supported',
        path: operation.path,
        where: operation.path,
        cause: error.code,
      });
      return [];
    }
    const observed = fileSystem.look(staged);
    if (observed === undefined) return [];
    return [placement(operation, stagedName, observed, undefined)];
  };

  /**
   * A moved file keeps its bytes and its inode: a second name in staging, put in place, then the first name goes.
   * Where something else is to come to the first name that still has to be fetched, the file is copied instead, so that two paths never stay one file.
   */
  const moves = (group: readonly Operation[]): Commit[] => {
    const others = new Set(group.flatMap((operation) => (isMove(operation) ? [] : [operation.path])));
    const moves = group.filter(isMove).filter((operation) => !others.has(operation.source.from.row.path));
    const staged = moves.flatMap((operation) => {
      const name = stageLink(operation);
      return name === undefined ? [] : [{ operation, ...name }];
    });
    const targets = new Set(staged.map(({ operation }) => operation.path));
    const sources = new Map(
      staged.map(({ operation }) => [operation.source.from.row.path, operation.source.from.row]),
    );
    return staged.flatMap(({ operation, stagedName, observed }): Commit[] => {
      const { from } = operation.source;
      const place = placement(operation, stagedName, observed, sources.get(operation.path));
      if (targets.has(from.row.path)) return [place];
      const author = operation.member.author;
      return [
        place,
        {
          kind: 'retire',
          path: from.row.path,
          replaces: from.row,
          keep: false,
          becomes: from.leaves,
          reason: 'deleted',
          author,
        },
      ];
    });
  };

  const stageLink = ({
    source,
    wanted,
  }: MoveOperation): { readonly stagedName: string; readonly observed: Observed } | undefined => {
    const before = source.from.row.observed;
    if (
      before === undefined ||
      isExecutable(before.mode) !== wanted.executable ||
      before.modifiedAtNs !== wanted.modifiedAtNs
    )
      return undefined;
    const stagedName = `m-${randomHex(random, 8)}`;
    try {
      fileSystem.link(root.at(spell(source.from.row.path)), root.stagedAt(stagedName));
      const observed = fileSystem.look(root.stagedAt(stagedName));
      if (observed !== undefined && isSameButRenamed(observed, before)) return { stagedName, observed };
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
    }
    removeStaged(stagedName);
    return undefined;
  };

  return { symlink, moves, remove: removeStaged };
}

type MoveOperation = Extract<Operation, { kind: 'place-file' }> & {
  readonly source: Extract<FileSource, { kind: 'move' }>;
};

function isMove(operation: Operation): operation is MoveOperation {
  return operation.kind === 'place-file' && operation.source.kind === 'move';
}

/** `movedAway` is the row at the path if what it shows is being moved elsewhere in the same group: then it is no version to keep. */
function placement(
  operation: Extract<Operation, { kind: 'place-file' | 'place-symlink' }>,
  stagedName: string,
  staged: Observed,
  movedAway: BaseRow | undefined,
): Commit {
  return {
    kind: 'place',
    path: operation.path,
    stagedName,
    staged,
    replaces: movedAway ?? operation.replaces?.row,
    keep: movedAway === undefined,
    becomes: operation.becomes,
    author: operation.member.author,
  };
}
