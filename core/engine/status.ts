import type { Network } from '../network/network.ts';
import { deviceKeyToText } from '../trust/trust.ts';
import type { FolderStatus, PathProblem, PeerStatus, Status, StatusFacts } from './api.ts';
import type { AttachedFolder, Folders } from './folders.ts';
import type { FolderSession } from './folder-session.ts';
import type { KeyPlace } from './key-keeping.ts';
import { isoOf, limitsNow } from './limits-api.ts';
import type { InForce } from './limits-in-force.ts';
import type { PeerLink } from './peer-links.ts';
import { explainPhase, explainProblem, sentenceOf } from './sentences.ts';

/** LIMIT: problems of single paths listed per folder in one answer; how many more there are is told, and every count is of all. */
const maxListedProblems = 1_000;

/** Whether a device holds exactly what this one does of all that neither leaves out by choice, as both have last said. */
export function isInStepWith(folder: AttachedFolder, link: PeerLink): boolean {
  const theirs = link.index?.peerAnnouncement(folder.id);
  const { index, session } = folder;
  if (theirs === undefined || theirs.busy || theirs.needPaths > 0 || theirs.stateRoot !== index.stateRoot())
    return false;
  const isAllHeld = (session?.leftOut() ?? []).length === 0;
  return (
    (isAllHeld ? theirs.materialisedRoot : theirs.commonRoot) ===
    index.materialised.rootWithout(theirs.leftOut)
  );
}

/** Whether this disk shows all that the state here wants, and nothing here waits to be told. */
export function isSettled(folder: AttachedFolder): boolean {
  const { session, index } = folder;
  return (
    session !== undefined &&
    session.phase().kind === 'running' &&
    session.isQuiet() &&
    session.fetchProgress().files === 0 &&
    index.totals().pendingPaths === 0
  );
}

/** One folder's part of the status. `receiveBps` is what comes in for it now. */
export function folderStatus(
  folder: AttachedFolder,
  links: readonly PeerLink[],
  receiveBps: number,
): FolderStatus {
  const { id, settings, session, index } = folder;
  const totals = index.totals();
  const phase = session?.phase();
  const found = session?.problems() ?? [];
  const problems: PathProblem[] = found.slice(0, maxListedProblems).map((problem) => ({
    path: problem.where,
    kind: problem.kind,
    code: problem.cause ?? null,
    ...explainProblem(problem),
  }));
  const explanation = phase === undefined ? undefined : explainPhase(phase);
  if (explanation !== undefined) problems.unshift({ path: '', code: null, ...explanation });
  const leftOutHere = new Set(session?.leftOut());
  const holders = links.flatMap((link) => {
    const theirs = link.index?.peerAnnouncement(id);
    if (theirs === undefined) return [];
    const inStep = isInStepWith(folder, link);
    const isAtRest = !theirs.busy && theirs.needPaths === 0 && theirs.stateRoot === index.stateRoot();
    return [
      {
        key: deviceKeyToText(link.peer),
        inStep,
        needFiles: theirs.needPaths,
        part: theirs.leftOut.some((top) => !leftOutHere.has(top)),
        differs: !inStep && isAtRest && isSettled(folder),
      },
    ];
  });
  const { doneBytes } = session?.fetchProgress() ?? { doneBytes: 0 };
  const needBytes = Math.max(0, totals.pendingBytes - doneBytes);
  const moreProblems = Math.max(0, found.length - maxListedProblems);
  const state = stateOf(folder, problems.length + moreProblems + totals.conflicts, holders);
  return {
    id,
    name: settings.name,
    path: settings.path,
    state,
    pausedUntil: isoOf(folder.pausedUntil),
    ...folder.held(),
    needFiles: totals.pendingPaths,
    needBytes,
    pendingLocal: session?.pendingLocal() ?? 0,
    conflicts: totals.conflicts,
    etaS: state === 'syncing' && receiveBps > 0 && needBytes > 0 ? Math.ceil(needBytes / receiveBps) : null,
    problems,
    moreProblems,
    holders,
  };
}

function stateOf(
  folder: AttachedFolder,
  troubles: number,
  holders: FolderStatus['holders'],
): FolderStatus['state'] {
  const phase = folder.session?.phase();
  if (phase === undefined) return 'paused';
  const { losses } = folder.session as FolderSession;
  switch (phase.kind) {
    case 'missing':
    case 'failed':
      return 'error';
    case 'starting':
    case 'scanning':
      return 'scanning';
    case 'reading-first':
      return 'attention';
    case 'running':
      if (losses.isAsking()) return 'attention';
      if (!isSettled(folder)) return isStuck(folder) ? 'attention' : 'syncing';
      if (troubles > 0) return 'attention';
      return holders.every(({ inStep }) => inStep) ? 'up-to-date' : 'syncing';
  }
}

/** Whether all that is still to come waits for something a person has been told of. */
function isStuck({ session }: AttachedFolder): boolean {
  if (session === undefined || session.pendingLocal() > 0 || session.fetchProgress().files > 0) return false;
  return session.isExplained();
}

/** The whole picture from its parts. */
export function statusOf(parts: {
  readonly deviceKey: string;
  readonly name: string;
  readonly peers: readonly PeerStatus[];
  readonly folders: readonly FolderStatus[];
  readonly limits: InForce;
  /** Whether this device itself was removed from its group. */
  readonly isRemoved: boolean;
  /** What waits for a person's answer. */
  readonly questions: number;
  readonly incomplete: Status['incomplete'];
  readonly totals: Status['totals'];
}): Status {
  const { folders, peers, limits } = parts;
  const sum = (of: (folder: FolderStatus) => number): number =>
    folders.reduce((total, folder) => total + of(folder), 0);
  const connected = peers.filter(({ state }) => state === 'connected').length;
  const facts: StatusFacts = {
    isRemoved: parts.isRemoved,
    needFiles: sum(({ needFiles }) => needFiles),
    pendingLocal: sum(({ pendingLocal }) => pendingLocal),
    isScanning: folders.some(({ state }) => state === 'scanning'),
    problems: sum(({ problems, moreProblems }) => problems.length + moreProblems),
    conflicts: sum(({ conflicts }) => conflicts),
    questions: parts.questions,
    folders: folders.length,
    members: peers.length,
    connected,
    holding: new Set(folders.flatMap(({ holders }) => holders.map(({ key }) => key))).size,
    differing: new Set(
      folders.flatMap(({ holders }) => holders.filter(({ differs }) => differs).map(({ key }) => key)),
    ).size,
    behind: new Set(
      folders.flatMap(({ holders }) => holders.filter(({ inStep }) => !inStep).map(({ key }) => key)),
    ).size,
  };
  const state = overallState(limits.pause !== undefined, folders, facts);
  return {
    deviceKey: parts.deviceKey,
    name: parts.name,
    state,
    sentence: sentenceOf(state, { ...facts, pause: limits.pause }),
    facts,
    peers,
    folders,
    pausedUntil: isoOf(limits.pause?.until),
    pausedBy: limits.pause?.by ?? null,
    limits: limitsNow(limits),
    questions: parts.questions,
    incomplete: parts.incomplete,
    totals: parts.totals,
  };
}

function overallState(
  isPaused: boolean,
  folders: readonly FolderStatus[],
  facts: StatusFacts,
): Status['state'] {
  if (facts.isRemoved) return 'attention';
  if (isPaused || (folders.length > 0 && folders.every(({ state }) => state === 'paused'))) return 'paused';
  if (facts.problems + facts.conflicts + facts.questions > 0) return 'attention';
  if (folders.some(({ state }) => state === 'syncing' || state === 'scanning')) return 'syncing';
  return facts.connected === 0 ? 'offline' : 'idle';
}

/** What does not work as it should, apart from single files. */
export function shortfallsOf(network: Network, folders: Folders, keyPlace: KeyPlace): Status['incomplete'] {
  const unwatched = folders.all().flatMap(({ id, session }) => {
    const cause = session?.watchShortfall();
    return cause === undefined ? [] : [{ id, cause }];
  });
  return [
    ...(keyPlace === 'plain'
      ? [
          {
            what: 'key' as const,
            folders: [],
            sentence: 'The device key is kept in a plain file that only you can read.',
          },
        ]
      : []),
    ...network.incomplete().map(({ what, cause }) => ({
      what,
      folders: [],
      sentence:
        what === 'port'
          ? `Other devices may not be able to connect: the port could not be opened (${cause}).`
          : `Devices near may not be found by themselves: the local network could not be asked (${cause}).`,
    })),
    ...unwatched.slice(0, 1).map(({ cause }) => ({
      what: 'watch' as const,
      folders: unwatched.map(({ id }) => id),
      sentence: `Not every directory can be watched (${cause}); changes are found by looking every minute. On Linux, raise fs.inotify.max_user_watches.`,
    })),
  ];
}
