import fs from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { contentOf, treeOf, waitUntil } from '../../harness/harness.ts';
import type { Act, Scene, Shown } from './scene.ts';
import { seededBytes } from '../../harness/lab-seeded.ts';
import type { ContentBook } from './content-book.ts';
import type { Fault } from './nth-call.ts';
import type { RigPair, RigSide } from './rig-pair.ts';

/** LIMIT: a device that has come through a fault is in step long before, on a busy machine too. */
const settleMs = 60_000;
/** LIMIT: how long a device that was dealt an error is left to itself before it is started anew. */
const patienceMs = 12_000;

/** What became of one scene. */
export interface SceneOutcome {
  /** How many calls of the fault's kinds the victim made. */
  readonly calls: number;
  readonly byCall: Readonly<Record<string, number>>;
  /** At which call the fault came; undefined if the act had fewer. */
  readonly hit: string | undefined;
  /** Whether the victim's process ended. */
  readonly ended: boolean;
  /** Whether the victim had to be started anew to go on, though it had not ended. */
  readonly restarted: boolean;
  /** What is not as it should be: nothing, if all is well. */
  readonly wrong: readonly string[];
}

/** A scene that is ready to be played. */
export interface ReadyScene {
  readonly scene: Scene;
  readonly act: Act;
}

let scenesMade = 0;

/** Makes ready as many scenes of an act as there are `victims`; resolves when all that was before is in step. */
export async function makeScenes(
  act: Act,
  {
    pair,
    book,
    victims,
  }: { readonly pair: RigPair; readonly book: ContentBook; readonly victims: readonly RigSide[] },
): Promise<readonly ReadyScene[]> {
  const ready = victims.map((victim): ReadyScene => {
    scenesMade += 1;
    const spot = `scene ${scenesMade}`;
    // The near side's user acts; who is hit is one or the other.
    const [author, other] = pair.sides;
    const at: Scene['at'] = (side, ...names) => path.join(side.folder, spot, ...names);
    const scene: Scene = {
      pair,
      author,
      other,
      victim,
      spot,
      at,
      save(side, name, content) {
        const bytes = Buffer.from(content);
        fs.writeFileSync(at(side, name), bytes);
        book.complete(bytes, `${spot}/${name}`);
      },
      forget: (content) => book.forget(content),
      bytes: (name, sizeBytes) => seededBytes(`${spot} ${name}`, sizeBytes),
    };
    fs.mkdirSync(at(author));
    act.before?.(scene);
    return { scene, act };
  });
  for (const { scene } of ready)
    await waitUntil(
      `${scene.spot} is on both sides`,
      () => isDeepStrictEqual(contentIn(scene, scene.other), contentIn(scene, scene.author)),
      settleMs,
    );
  await pair.inStep();
  return ready;
}

/** Plays a scene with a fault at the victim's n-th call (none without `n`), and looks at everything afterwards. */
export async function playScene(
  { scene, act }: ReadyScene,
  { fault, n, book }: { readonly fault: Fault; readonly n?: number; readonly book: ContentBook },
): Promise<SceneOutcome> {
  const { victim, pair } = scene;
  await act.prepare?.(scene);
  victim.counter.arm(fault, n);
  const failures: string[] = [];
  const attempt = async (run: () => Promise<void>): Promise<boolean> => {
    try {
      await run();
      return true;
    } catch (error) {
      failures.push((error as Error).message.split('\n')[0] ?? '');
      return false;
    }
  };
  let isDone = await attempt(() => act.run(scene));
  const shownAfter = act.wanted === undefined ? contentIn(scene, scene.author) : undefined;
  const wanted = (): Shown => shownAfter ?? act.wanted?.(scene) ?? {};
  const isShown = (): boolean =>
    pair.sides.every((side) => isDeepStrictEqual(contentIn(scene, side), wanted()));

  let ended = false;
  let restarted = false;
  const revive = async (): Promise<void> => {
    victim.counter.disarm();
    await victim.ended();
    await victim.start();
    if (act.again !== undefined) isDone = false;
  };
  const beganAt = performance.now();
  let calls = 0;
  let byCall: SceneOutcome['byCall'] = {};
  let hit: string | undefined;
  const look = (): void => {
    calls = Math.max(calls, victim.counter.counted());
    byCall = victim.counter.byCall();
    hit = victim.counter.hit();
  };
  try {
    await waitUntil(
      `${scene.spot} shows on both sides what it should`,
      async () => {
        if (!victim.runs()) {
          look();
          ended = true;
          await revive();
        } else if (fault.mode === 'fail' && !restarted && performance.now() - beganAt > patienceMs) {
          look();
          restarted = true;
          await victim.device.kill('SIGTERM');
          await revive();
        }
        if (!isDone && act.again !== undefined)
          isDone = await attempt(() => act.again?.(scene) ?? Promise.resolve());
        if (!isShown()) return false;
        await pair.inStep(2);
        if (!victim.runs()) return false;
        await act.check?.(scene);
        return isShown();
      },
      settleMs,
    );
  } catch (error) {
    const { message, cause } = error as Error;
    failures.push(cause instanceof Error ? `${message}: ${cause.message}` : message);
    if (victim.counter.hit() !== undefined || n === undefined) look();
    victim.counter.disarm();
    if (!victim.runs()) await victim.start();
    const wrong = [...failures, ...differences(scene, wanted()), ...(await statuses(pair))];
    return { calls, byCall, hit, ended, restarted, wrong };
  }
  if (!ended && !restarted) look();
  victim.counter.disarm();
  return { calls, byCall, hit, ended, restarted, wrong: await oracle(scene, book) };
}

/** What is lost, stray or different, once both sides are in step. */
async function oracle(scene: Scene, book: ContentBook): Promise<readonly string[]> {
  const { sides } = scene.pair;
  const folders = sides.map(({ folder }) => folder);
  const stagings = (): string[] =>
    folders.flatMap((folder) =>
      fs
        .readdirSync(path.join(folder, '.lockstep', 'staging'))
        .map((name) => `left in staging: ${folder} ${name}`),
    );
  await waitUntil('staging is empty', () => stagings().length === 0, 5_000).catch(() => {});
  const [one, two] = sides.map((side) => treeOf(scene.at(side)));
  return [
    ...book.missing(folders).map((what) => `lost: ${what}`),
    ...stagings(),
    ...(isDeepStrictEqual(one, two) ? [] : [`the sides differ: ${text(one)} ${text(two)}`]),
  ];
}

/** What is wrong with all that a pair holds, at the end of everything. */
export function wholeOracle(pair: RigPair, book: ContentBook): readonly string[] {
  const folders = pair.sides.map(({ folder }) => folder);
  const [one, two] = folders.map(treeOf);
  return [
    ...book.missing(folders).map((what) => `lost: ${what}`),
    ...(isDeepStrictEqual(one, two) ? [] : ['the whole trees differ']),
  ];
}

function differences(scene: Scene, wanted: Shown): readonly string[] {
  return [
    `wanted ${text(wanted)}`,
    ...scene.pair.sides.map((side) => `${side.name} shows ${text(contentIn(scene, side))}`),
  ];
}

function statuses(pair: RigPair): Promise<readonly string[]> {
  return Promise.all(
    pair.sides.map(async ({ name, ask, device }) => {
      const log = fs.readFileSync(path.join(device.home, 'logs', 'lockstep.log'), 'utf8').trim();
      const lastLines = log.split('\n').slice(-20).join('\n        ');
      try {
        const { peers, folders } = await ask().call('status');
        return `${name} says ${text({ peers: peers.map(({ state }) => state), folders })}, and its log ends with\n        ${lastLines}`;
      } catch (error) {
        return `${name} says ${(error as Error).message}, and its log ends with\n        ${lastLines}`;
      }
    }),
  );
}

/** What a side shows of a scene; what goes away while it is looked at is not there. */
function contentIn(scene: Scene, side: RigSide): Shown {
  try {
    return contentOf(scene.at(side));
  } catch {
    return {};
  }
}

function text(value: unknown): string {
  return JSON.stringify(value, (_, inner) => (typeof inner === 'bigint' ? String(inner) : inner));
}
