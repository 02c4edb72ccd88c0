import type { Clock } from '../base/base.ts';
import type { FolderId } from '../model/ids.ts';
import { type AppliedStatement, appliedSigningBytes } from '../protocol/protocol.ts';
import type { Identity } from '../trust/trust.ts';
import type { Quorum } from './folder-floor.ts';

/** This device's word on folders of the group that it does not keep, so that those who do need not wait for it before they forget deletions. */
export interface NotKept {
  /** Undefined if it keeps the folder, or is in no group. The same word again and again until that changes. */
  wordOn(folderId: FolderId): AppliedStatement | undefined;
  /** Folders were taken on or given up. */
  changed(): void;
}

/** `keeps` says which folders are attached here, paused or not. */
export function createNotKept(dependencies: {
  readonly identity: Identity;
  readonly clock: Clock;
  keeps(folderId: FolderId): boolean;
  quorum(): Quorum | undefined;
}): NotKept {
  const { identity, clock, keeps } = dependencies;
  const said = new Map<string, AppliedStatement>();
  return {
    wordOn(folderId) {
      const quorum = dependencies.quorum();
      if (quorum === undefined || keeps(folderId)) return undefined;
      const name = `${quorum.group} ${folderId}`;
      const known = said.get(name);
      if (known !== undefined) return known;
      const word = { device: identity.deviceKey, serial: clock.now(), applied: undefined };
      const signature = identity.sign(appliedSigningBytes(quorum.group, folderId, word));
      const statement = { ...word, signature };
      said.set(name, statement);
      return statement;
    },
    changed() {
      for (const name of said.keys()) if (keeps(name.split(' ')[1] as FolderId)) said.delete(name);
    },
  };
}
