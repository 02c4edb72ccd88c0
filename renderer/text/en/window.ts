import type {
  DeviceListing,
  EngineState,
  FolderStatus,
  PauseSpan,
  Screen,
} from '../../../app/ipc/contract.ts';
import type { FolderSummary } from '../../state/select.ts';
import type { Format } from '../format.ts';
import { changes, devices, directories, files, items } from './nouns.ts';
import { enProblems } from './problems.ts';

/** Words of the frame, the folders, the devices and what brings them together. */
export const enWindow = (format: Format) => ({
  product: 'Lockstep',
  screens: {
    folders: 'Folders',
    devices: 'Devices',
    conflicts: 'Conflicts',
    history: 'History',
    activity: 'Activity',
    settings: 'Settings',
  } satisfies Record<Screen, string>,
  screensLabel: 'Screens',
  statusLabel: 'Status',
  waitingBadge: (n: number) => format.count(n, { one: 'device asks to join', other: 'devices ask to join' }),

  engine: (state: EngineState['kind']) =>
    ({
      starting: 'Starting…',
      running: 'Starting…',
      restarting: 'The sync engine stopped and is starting again…',
      refused: 'Lockstep cannot sync.',
      'given-up': 'The sync engine keeps stopping. Nothing is synced now.',
    })[state],
  engineGivenUp:
    'It stopped six times within a minute, so it was not started again. Your files are as they were. Start it again; if it goes on like this, save a report and send it.',
  startAgain: 'Start again',
  screenFailed: (screen: string) => `“${screen}” cannot be shown`,
  windowFailed: 'The window cannot be shown',
  failedBody:
    'Lockstep met an error of its own here. Syncing goes on, and your files are as they were. Try again; if it comes back, save a report and send it.',
  tryAgain: 'Try again',

  pause: 'Pause',
  pauseFor: { hour: 'For 1 hour', tomorrow: 'Until tomorrow', open: 'Until I resume' } satisfies Record<
    PauseSpan,
    string
  >,
  resume: 'Resume syncing',

  noFoldersTitle: 'No folders yet',
  noFoldersAlone:
    'Choose a directory, and Lockstep keeps it the same on all your devices. Nothing is stored on a server: the devices talk to each other.',
  noFoldersOffered:
    'Your other devices have folders: choose where to keep them here, or add one of your own.',
  addFolder: 'Add a folder…',
  folderState: {
    'up-to-date': 'Up to date',
    scanning: 'Looking',
    syncing: 'Syncing',
    paused: 'Paused',
    attention: 'Needs you',
    error: 'Stopped',
  } satisfies Record<FolderStatus['state'], string>,
  folderSize: (n: number, inDirectories: number, bytes: number) =>
    n === 0 && inDirectories === 0
      ? 'Empty'
      : [
          format.count(n, files),
          ...(inDirectories === 0 ? [] : [`in ${format.count(inDirectories, directories)}`]),
          `· ${format.size(bytes)}`,
        ].join(' '),
  folderSummary(summary: FolderSummary): string {
    switch (summary.kind) {
      case 'alone':
        return 'Complete here. No connected device has it as well.';
      case 'in-step':
        return `The same on ${format.list(summary.with)}.`;
      case 'scanning':
        return 'Looking through the directory for changes.';
      case 'receiving':
        return `${format.count(summary.files, items)} to come, ${format.size(summary.bytes)}${summary.etaS === undefined ? '' : ` · about ${format.span(summary.etaS)} left`}`;
      case 'sending':
        return `${format.count(summary.changes, changes)} made here about to be sent.`;
      case 'others-behind':
        return summary.behind.length === 0
          ? 'Comparing with the other devices.'
          : `${format.list(summary.behind)} ${summary.behind.length === 1 ? 'is' : 'are'} still receiving.`;
      case 'others-differ':
        return `All is sent. ${format.list(summary.differing)} ${summary.differing.length === 1 ? 'holds' : 'hold'} something else: look there.`;
      case 'paused':
        return 'Paused. Changes wait until it is resumed.';
      case 'needs-you':
        return `${format.count(summary.things, { one: 'thing needs', other: 'things need' })} you; everything else is kept in step.`;
      case 'stopped':
        return summary.problem === undefined ? '' : enProblems.explainProblem(summary.problem).cause;
    }
  },
  progressLabel: (folder: string) => `Progress of ${folder}`,
  holdersLabel: 'Also on',
  holderInStep: (name: string) => `${name}: the same`,
  holderPart: (name: string) => `${name}: keeps a part, the same`,
  holderDiffers: (name: string) => `${name}: holds something else`,
  holderAhead: (name: string) => `${name}: has it all`,
  holderBehind: (name: string, n: number) =>
    n === 0 ? `${name}: comparing` : `${name}: ${format.count(n, items)} behind`,
  conflicts: (n: number) =>
    `${format.count(n, { one: 'file was', other: 'files were' })} changed in two places before they could be synced. Every version is kept.`,
  resolveConflicts: 'Resolve…',
  resolveConflictsOf: (name: string) => `Resolve the conflicts of ${name}`,
  safeOn: (n: number) => `Safe on ${format.count(n, devices)}`,
  onlyHere: 'Only on this device',
  folderHistory: 'Look at its history',
  problems: (n: number) => format.count(n, { one: 'problem', other: 'problems' }),
  moreProblems: (n: number) => `and ${format.count(n, { one: 'more', other: 'more' })}`,
  wholeFolder: 'The whole folder',
  folderActions: (name: string) => `Actions for ${name}`,
  openFolder: 'Open in the file manager',
  pauseFolder: 'Pause this folder',
  resumeFolder: 'Resume this folder',
  removeFolder: 'Remove from this device…',
  removeTitle: (name: string) => `Stop keeping “${name}” in step on this device?`,
  removeBody:
    'The files stay where they are, here and on your other devices. Changes made here are no longer sent, and changes from there no longer arrive.',
  removeConfirm: 'Remove, keep the files',
  cancel: 'Cancel',
  offeredTitle: 'On your other devices',
  offeredBy: (names: readonly string[]) => `Held by ${format.list(names)}`,
  keepHere: 'Keep here…',
  keepHereLabel: (name: string) => `Keep here… ${name}`,
  mergeTitle: (name: string) => `Put “${name}” into a directory that is not empty?`,
  mergeBody: (path: string) =>
    `What is in ${path} becomes part of the folder and is sent to your other devices. No file is overwritten without a copy of it being kept.`,
  mergeConfirm: 'Put them together',

  thisDevice: 'This device',
  thisDeviceInText: 'this device',
  keyWords: 'Key words',
  deviceKey: 'Device key',
  keyWordsHelp:
    'Compare these words with what another device shows for this one, and you know that nobody stands between them.',
  copy: 'Copy',
  copyKey: 'Copy the device key',
  copied: 'Copied',
  yourDevices: 'Your other devices',
  noDevicesTitle: 'Only this device',
  noDevicesBody: 'Invite another device to sync with, or join one that you use with Lockstep already.',
  deviceState: {
    connected: 'Connected',
    offline: 'Not connected',
    self: 'This device',
    pending: 'Asks to join',
    suspended: 'Suspended',
    revoked: 'Removed',
  } satisfies Record<DeviceListing['state'], string>,
  lastSeen: (iso: string, now: number) => `Last seen ${format.ago(iso, now)}`,
  neverSeen: 'Not seen yet',
  latency: (ms: number) => `${Math.max(1, Math.round(ms))} ms`,
  sending: (bps: number) => `↑ ${format.rate(bps)}`,
  receiving: (bps: number) => `↓ ${format.rate(bps)}`,
  removedDevices: 'Removed devices',
  askingTitle: (name: string) => `“${name}” used your invitation`,
  askingBody: 'Add it only if its screen shows these key words:',
  add: 'Add',
  notMine: 'Not mine',
  invite: 'Invite a device…',
  join: 'Join with an invitation…',

  inviteTitle: 'Invite a device',
  invitePreparing: 'Preparing an invitation…',
  inviteSteps:
    'On the other device, open Lockstep, choose “Join with an invitation…”, and paste this text or scan the picture.',
  inviteOnce: (until: number) =>
    `It works once, until ${format.time(until)}. Whoever has it can ask to join; you decide here.`,
  inviteText: 'Invitation',
  inviteQr: 'The invitation as a QR code',
  inviteCopy: 'Copy the invitation',
  inviteWaiting: 'Waiting for the other device…',
  inviteJoined: (name: string) => `${name} was added.`,
  done: 'Done',
  close: 'Close',

  joinTitle: 'Join with an invitation',
  joinBody:
    'On a device that you use with Lockstep already, choose “Invite a device…”, and paste here what it shows.',
  joinField: 'Invitation',
  joinButton: 'Join',
  joinWaiting: 'Now add this device on the other one. It shows these key words:',
  joinDone: 'This device has joined. Folders of the others are offered on the Folders screen.',
  showFolders: 'Show folders',

  dismiss: 'Dismiss',
  noticesLabel: 'Messages',
});

export type WindowWords = ReturnType<typeof enWindow>;
