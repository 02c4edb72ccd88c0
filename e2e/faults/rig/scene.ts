import type { RigPair, RigSide } from './rig-pair.ts';

/** One time that an act is done: who does it, where, and with whose calls counted. */
export interface Scene {
  readonly pair: RigPair;
  /** Whose user acts. */
  readonly author: RigSide;
  readonly other: RigSide;
  /** Whose calls are counted, and who may end at any of them. */
  readonly victim: RigSide;
  /** The directory of this scene, by its path in the folder; there on both sides. */
  readonly spot: string;
  /** A place in the scene's directory on a side. */
  at(side: RigSide, ...names: readonly string[]): string;
  /** Notes that a user completed these bytes and saves them. */
  save(side: RigSide, name: string, content: string | Uint8Array): void;
  /** Notes that on every side that had these bytes a user has saved others over them. */
  forget(content: Uint8Array): void;
  /** Bytes that no other scene has. */
  bytes(name: string, sizeBytes: number): Uint8Array;
}

/** What is shown in a directory: hashes of files, targets of links. */
export type Shown = Readonly<Record<string, string>>;

/** Something a user or a device does; every scene of it begins with what `before` leaves, in step. */
export interface Act {
  readonly says: string;
  /** What the author's user has made before. */
  before?(scene: Scene): void;
  /** More that has to be so before; the calls are not counted yet. */
  prepare?(scene: Scene): Promise<void>;
  /** The act. May reject when the device that is asked ends in the middle. */
  run(scene: Scene): Promise<void>;
  /** Completes what a sudden end cut short; done until the scene shows what it should. */
  again?(scene: Scene): Promise<void>;
  /** What both sides show in the end; by default what the author's side showed right after the act. */
  wanted?(scene: Scene): Shown;
  /** What else has to be so in the end. */
  check?(scene: Scene): Promise<void>;
}
