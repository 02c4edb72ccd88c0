import type { FolderStatus, PeerStatus, Status } from '../../core/engine/engine.ts';
import {
  formatBytes,
  formatCount,
  formatRate,
  formatSpan,
  formatTable,
  formatTime,
  printable,
} from './format.ts';
import { nowText } from './limits-text.ts';
import { deviceStates, folderStates } from './text.ts';

/** LIMIT: problems of one folder that are shown; the rest is counted. */
const maxShownProblems = 10;
/** Less than this is two devices telling each other that they live. */
const minShownBps = 1024;

/** How far each folder has come since it last was in step. */
export interface Progress {
  see(status: Status): void;
  /** From 0 to 1; undefined when there is nothing to do or nothing is known of the way. */
  of(folderId: string): number | undefined;
}

/** Remembers, from status to status, how much there was to do. */
export function createProgress(): Progress {
  const most = new Map<string, number>();
  const left = new Map<string, number>();
  return {
    see({ folders }) {
      for (const { id, needBytes } of folders) {
        most.set(id, needBytes === 0 ? 0 : Math.max(needBytes, most.get(id) ?? 0));
        left.set(id, needBytes);
      }
    },
    of(folderId) {
      const all = most.get(folderId) ?? 0;
      return all === 0 ? undefined : 1 - (left.get(folderId) ?? 0) / all;
    },
  };
}

/** The whole picture, for a person. */
export function statusLines(status: Status, progress?: Progress): readonly string[] {
  return [
    `${printable(status.name)}: ${sentenceOf(status)}`,
    ...(isLimited(status) ? [`Limited: ${nowText(status.limits)}.`] : []),
    ...(status.questions === 0 ? [] : [`${formatCount(status.questions, 'question')} for you.`]),
    ...status.incomplete.map(({ sentence }) => `! ${printable(sentence)}`),
    ...folderSection(status, progress),
    ...deviceSection(status),
  ];
}

/** The same in one line, for a log. */
export function statusLine(status: Status, progress: Progress): string {
  const busy = status.folders
    .filter(({ needFiles, state }) => needFiles > 0 || state === 'attention' || state === 'error')
    .map((folder) => `${printable(folder.name)} ${folderText(folder, progress)}`);
  const connected = status.peers.filter(({ state }) => state === 'connected').length;
  const receiving = status.peers.reduce((sum, { receiveBps }) => sum + receiveBps, 0);
  const sending = status.peers.reduce((sum, { sendBps }) => sum + sendBps, 0);
  return [
    sentenceOf(status),
    ...busy,
    ...(receiving >= minShownBps ? [`receiving ${formatRate(receiving)}`] : []),
    ...(sending >= minShownBps ? [`sending ${formatRate(sending)}`] : []),
    `${connected} of ${formatCount(status.peers.length, 'device')} connected`,
  ].join(' | ');
}

/** The engine's own sentence, with the time by the clock of this machine. */
function sentenceOf({ state, sentence, pausedUntil, pausedBy }: Status): string {
  if (state !== 'paused' || pausedUntil === null) return printable(sentence);
  return `Paused until ${formatTime(pausedUntil)}${pausedBy === 'schedule' ? ' by schedule' : ''}.`;
}

function isLimited({ limits }: Status): boolean {
  return limits.sendBps !== null || limits.receiveBps !== null;
}

function folderSection({ folders, peers }: Status, progress: Progress | undefined): readonly string[] {
  if (folders.length === 0) return ['', 'No folders yet. Share one with `lockstep folder add PATH`.'];
  const rows = folders.map((folder) => [
    printable(folder.name),
    folderText(folder, progress),
    `${formatCount(folder.files, 'file')}, ${formatBytes(folder.bytes)}`,
    holdersText(folder, peers),
    printable(folder.path),
  ]);
  return [
    '',
    ...formatTable(['FOLDER', 'STATE', 'CONTENT', 'ALSO ON', 'WHERE'], rows),
    ...folders.flatMap(problemLines),
  ];
}

/** The connected devices that keep the folder, and how much of it they have. */
function holdersText({ holders }: FolderStatus, peers: readonly PeerStatus[]): string {
  const names = holders.map(({ key, inStep, needFiles, part, differs }) => {
    const name = printable(peers.find((peer) => peer.key === key)?.name ?? key.slice(0, 15));
    const facts = [
      ...(part ? ['a part'] : []),
      ...(inStep
        ? []
        : [
            needFiles > 0
              ? `${formatCount(needFiles, 'item')} behind`
              : differs
                ? 'holds something else'
                : 'comparing',
          ]),
    ];
    return facts.length === 0 ? name : `${name} (${facts.join(', ')})`;
  });
  return names.join(', ') || '-';
}

function folderText(folder: FolderStatus, progress: Progress | undefined): string {
  const until = folder.pausedUntil === null ? '' : ` until ${formatTime(folder.pausedUntil)}`;
  const parts = [`${folderStates[folder.state]}${folder.state === 'paused' ? until : ''}`];
  if (folder.needFiles > 0) {
    const share = progress?.of(folder.id);
    if (share !== undefined) parts[0] += ` ${Math.floor(share * 100)} %`;
    parts.push(`${formatCount(folder.needFiles, 'item')}, ${formatBytes(folder.needBytes)} to go`);
  }
  if (folder.etaS !== null && folder.needFiles > 0) parts.push(`about ${formatSpan(folder.etaS)}`);
  if (folder.pendingLocal > 0) parts.push(`${formatCount(folder.pendingLocal, 'change')} to look at`);
  if (folder.conflicts > 0) parts.push(formatCount(folder.conflicts, 'conflict'));
  return parts.join(', ');
}

function problemLines({ problems, moreProblems, name }: FolderStatus): readonly string[] {
  const shown = problems
    .slice(0, maxShownProblems)
    .map(({ path, cause, action }) =>
      `! ${printable(path === '' ? name : path)}: ${printable(cause)} ${printable(action)}`.trimEnd(),
    );
  const rest = problems.length - shown.length + moreProblems;
  return rest > 0 ? [...shown, `! and ${rest.toLocaleString('en-US')} more`] : shown;
}

function deviceSection({ facts, peers }: Status): readonly string[] {
  if (facts.isRemoved)
    return [
      '',
      '`lockstep group history` says who removed it. With the recovery words it comes back: `lockstep recover`.',
    ];
  if (peers.length === 0) return ['', 'No other devices yet. Bring one in with `lockstep device invite`.'];
  const rows = peers.map((peer) => [
    printable(peer.name),
    deviceStates[peer.state],
    peer.state === 'connected' ? trafficText(peer) : '',
    peer.address ?? '',
  ]);
  return ['', ...formatTable(['DEVICE', 'STATE', 'TRAFFIC', 'ADDRESS'], rows)];
}

function trafficText({ sendBps, receiveBps, rttMs }: PeerStatus): string {
  const parts = [
    ...(receiveBps >= minShownBps ? [`receiving ${formatRate(receiveBps)}`] : []),
    ...(sendBps >= minShownBps ? [`sending ${formatRate(sendBps)}`] : []),
    ...(rttMs === null ? [] : [`${rttMs < 10 ? rttMs.toFixed(1) : Math.round(rttMs)} ms away`]),
  ];
  return parts.join(', ');
}
