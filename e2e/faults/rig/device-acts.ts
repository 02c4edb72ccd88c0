import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { contentOf, waitUntil } from '../../harness/harness.ts';
import type { RigSide } from './rig-pair.ts';
import type { Act, Scene } from './scene.ts';

/** Edits the same file on both sides, neither knowing of the other. */
async function editOnBoth({ save, forget, author, other, bytes }: Scene): Promise<void> {
  // The one that shall not hear of it may end on the word, and then does not hear of it either.
  await other
    .ask()
    .call('pause', {})
    .catch(() => {});
  save(author, 'file', bytes('edited by the author', 300));
  save(other, 'file', bytes('edited by the other', 300));
  forget(bytes('file', 300));
  await other
    .ask()
    .call('resume')
    .catch(() => {});
}

async function conflictOf({ spot }: Scene, side: RigSide) {
  const all = await side.ask().call('conflictList', {});
  return all.find(({ path: where }) => where === `${spot}/file`);
}

/** Resolves when both sides list the conflict of the scene with two versions. */
async function isListedOnBoth(scene: Scene): Promise<void> {
  for (const side of [scene.author, scene.other])
    await waitUntil('the conflict is listed', async () => {
      const conflict = await conflictOf(scene, side);
      return conflict?.versions.length === 2;
    });
}

const oneFile = ({ save, author, bytes }: Scene): void => save(author, 'file', bytes('file', 300));

/** Resolves when both sides show these bytes at `file`. */
function bothShowFile({ at, author, other }: Scene, wanted: Uint8Array): Promise<true> {
  return waitUntil('both show it', () =>
    [author, other].every((side) => fs.readFileSync(at(side, 'file')).equals(wanted)),
  );
}

/** Brings back what stood first in `file`. */
async function restoreFirst({ at, author, bytes }: Scene): Promise<void> {
  const first = bytes('file', 300);
  if (fs.readFileSync(at(author, 'file')).equals(first)) return;
  const file = at(author, 'file');
  const versions = await author.ask().call('history', { path: file });
  const size = first.length;
  const version = versions.find((one) => !one.current && one.size === size);
  if (version === undefined) throw new Error(`no version of ${file} to bring back`);
  const { restored } = await author.ask().call('restore', { path: file, version: version.version });
  // Only the other one has its bytes, and after a start it is not there at once.
  if (restored === 0) throw new Error(`nobody there has the version of ${file}`);
}

const secondSave = async (scene: Scene): Promise<void> => {
  const second = scene.bytes('second', 333);
  scene.save(scene.author, 'file', second);
  await bothShowFile(scene, second);
  await scene.pair.inStep();
};

/** Acts that devices are asked for, and their start: what a sudden end cut short is asked for again. */
export const deviceActs: readonly Act[] = [
  {
    says: 'edits a file that the other edits too',
    before: oneFile,
    run: editOnBoth,
    async again({ other }) {
      await other.ask().call('resume');
    },
    wanted: ({ at, author }) => contentOf(at(author)),
    check: isListedOnBoth,
  },
  {
    says: 'settles a conflict by the version that is not shown',
    before: oneFile,
    async prepare(scene) {
      await editOnBoth(scene);
      await isListedOnBoth(scene);
      await scene.pair.inStep();
    },
    async run(scene) {
      const conflict = await conflictOf(scene, scene.author);
      const loser = conflict?.versions.find(({ winner }) => !winner);
      if (conflict === undefined || loser === undefined) return;
      await scene.author.ask().call('conflictResolve', { id: conflict.id, keep: loser.version });
    },
    again: (scene) => deviceActNamed('settles').run(scene),
    wanted: ({ at, author }) => contentOf(at(author)),
    async check(scene) {
      for (const side of [scene.author, scene.other])
        await waitUntil('it is settled', async () => (await conflictOf(scene, side)) === undefined);
    },
  },
  {
    says: 'brings back an old version',
    before: oneFile,
    prepare: secondSave,
    run: restoreFirst,
    again: restoreFirst,
    wanted: ({ bytes }) => ({ file: hashOf(bytes('file', 300)) }),
  },
  {
    says: 'starts with work on both sides waiting',
    before({ save, author, bytes }) {
      for (const name of ['of the author', 'of the other', 'goes']) save(author, name, bytes(name, 300));
    },
    async prepare({ save, at, author, other, victim, bytes }) {
      await victim.device.kill('SIGTERM');
      save(author, 'of the author', bytes('by the author', 400));
      save(other, 'of the other', bytes('by the other', 400));
      fs.rmSync(at(author, 'goes'));
    },
    run: ({ victim }) => victim.start(),
    wanted: ({ bytes }) => ({
      'of the author': hashOf(bytes('by the author', 400)),
      'of the other': hashOf(bytes('by the other', 400)),
    }),
  },
  {
    says: 'shares another folder, which the other takes',
    run: shareAnother,
    again: shareAnother,
    wanted: () => ({}),
    async check(scene) {
      const { author, other, victim } = scene;
      await waitUntil('its file has come', () => fs.existsSync(path.join(anotherOf(other, scene), 'file')));
      // What follows cleans up for the next scene.
      victim.counter.disarm();
      for (const side of [author, other]) {
        const folders = await side.ask().call('folderList');
        for (const { id, name, path: where } of folders)
          if (name === nameOfAnother(scene) && where !== null)
            await side.ask().call('folderRemove', { folder: id });
      }
    },
  },
  {
    says: 'gives its device another name',
    async run({ author, spot }) {
      await author.ask().call('deviceRename', { device: author.device.ready().deviceKey, name: spot });
    },
    again: (scene) => deviceActNamed('gives').run(scene),
    wanted: () => ({}),
    async check({ author, other, spot }) {
      await waitUntil('the other knows it', async () =>
        (await other.ask().call('deviceList')).some(
          ({ key, name }) => key === author.device.ready().deviceKey && name === spot,
        ),
      );
    },
  },
];

const nameOfAnother = ({ spot }: Scene): string => `another of ${spot}`;
const anotherOf = (side: RigSide, scene: Scene): string =>
  path.join(path.dirname(side.folder), nameOfAnother(scene));

async function shareAnother(scene: Scene): Promise<void> {
  const { author, other, bytes } = scene;
  const name = nameOfAnother(scene);
  for (const side of [author, other]) fs.mkdirSync(anotherOf(side, scene), { recursive: true });
  const file = path.join(anotherOf(author, scene), 'file');
  if (!fs.existsSync(file)) fs.writeFileSync(file, bytes('in another', 500));
  const mine = (await author.ask().call('folderList')).find((one) => one.name === name);
  const { folderId } =
    mine === undefined || mine.path === null
      ? await author.ask().call('folderAdd', { path: anotherOf(author, scene), name })
      : { folderId: mine.id };
  const offered = await waitUntil('it is offered', async () =>
    (await other.ask().call('folderList')).find(({ id }) => id === folderId),
  );
  if (offered.state === 'offered')
    await other.ask().call('folderJoin', { folder: folderId, path: anotherOf(other, scene) });
}

function deviceActNamed(beginning: string): Act {
  const act = deviceActs.find(({ says }) => says.startsWith(beginning));
  if (act === undefined) throw new RangeError(`no act ${beginning}`);
  return act;
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
