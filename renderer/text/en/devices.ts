import type { DeviceListing, GroupEvent } from '../../../app/ipc/contract.ts';
import type { Format } from '../format.ts';
import { devices, files } from './nouns.ts';

const methods: Readonly<Record<NonNullable<DeviceListing['method']>, string>> = {
  founder: 'It founded this group',
  sas: 'Paired near by, with six digits',
  invite: 'Came by an invitation',
  typed: 'Paired by typed keys',
};
const reasons = { lost: 'lost', stolen: 'stolen', retired: 'retired' } as const;

/** Words about devices, who trusts them, and how they are removed. */
export const enDevices = (format: Format) => ({
  details: 'Details…',
  detailsOf: (name: string) => `Details of ${name}`,
  deviceTitle: (name: string) => name,
  howPaired: 'How it came',
  pairedBy: (method: NonNullable<DeviceListing['method']>, by: string | undefined) =>
    by === undefined ? `${methods[method]}.` : `${methods[method]}, on ${by}.`,
  pairedUnknown: 'That is not known here.',
  connection: 'Connection',
  connectedVia: (address: string) =>
    address === '' ? 'Connected, encrypted.' : `Connected directly, encrypted, at ${address}.`,
  notConnected: 'Not connected now.',
  removals: 'Removals',
  knowsRemovals: 'It knows of every removal.',
  missesRemovals: (names: readonly string[]) =>
    `It has not heard yet that ${format.list(names)} ${names.length === 1 ? 'was' : 'were'} removed. Until it has, it would still sync with ${names.length === 1 ? 'it' : 'them'}: connect it once.`,
  holds: 'Folders',
  holdsNone: 'None of the folders here, as far as is known now.',
  alarms: 'Alarm',
  alarm: (kind: string) =>
    kind === 'identity-in-two-places'
      ? 'Its identity is used in two places: a copied disk, a restored backup, or theft. If you did not restore it from a backup, remove it and set it up anew.'
      : `Something is wrong with it (${kind}).`,
  timeline: 'What happened',
  timelineTitle: 'Who came and went',
  event: (event: GroupEvent, nameOf: (key: string) => string): string => {
    const who = format.list(event.devices.map(nameOf));
    const by = nameOf(event.by);
    const said = {
      founded: `${by} founded the group`,
      added: `${by} added ${who}`,
      removed: `${by} removed ${who}${event.how === 'lost' || event.how === 'stolen' || event.how === 'retired' ? `, as ${reasons[event.how]}` : ''}`,
      recovered: `${by} decided with the recovery code: ${who} belong together`,
    }[event.kind];
    const sentence = `${said.charAt(0).toUpperCase()}${said.slice(1)}`;
    return event.counts ? sentence : `${sentence} (a removal made this count no more)`;
  },
  eventAt: (at: string | null, now: number) => (at === null ? 'time not known' : format.moment(at, now)),
  clocksNote: 'Times are when this device heard of it, by its own clock.',
  renameField: 'Name on this device',
  renameSave: 'Save',
  reviewChanges: 'What it changed…',
  removeDevice: 'Remove this device…',
  letInAgain: 'Let it in again',
  suspendedBody:
    'Whoever let this device in was removed, so it is not trusted now. If it is yours, let it in again.',
  recoveryEntry: 'I have the recovery code…',
  recoveryEntryBody:
    'With the recovery code a removal is final: no device can answer it, and devices that were removed in a quarrel are kept if you say so.',

  whoHeard: 'Who has heard',
  heardAll: 'Every other device knows of it.',
  heardYes: (name: string) => `${name} knows`,
  heardNot: (name: string, lastSeen: string | null, now: number) =>
    `${name} has not heard yet${lastSeen === null ? '' : `, last seen ${format.ago(lastSeen, now)}`}`,
  heardUntil: 'Until then it would still sync with the removed device: connect it once.',
  removedChip: (notHeard: number) =>
    notHeard === 0 ? 'Removed' : `Removed, ${format.count(notHeard, devices)} to hear`,

  removeTitle2: (name: string) => `Remove “${name}”`,
  removeDoes: 'What it does',
  removeDoesList: [
    'As soon as one of your devices has heard of it, it sends that device nothing more and takes nothing from it. Each passes it on to those it meets, without a server.',
    'The device cannot undo it, come back, or let in another.',
  ],
  removeCannot: 'What it cannot do',
  removeCannotList: [
    'Files that are on it already stay there. Lockstep cannot erase them: change passwords that are kept in these folders.',
    'A device of yours that is off does not know yet. Until it has met another, it would still sync with the removed one.',
  ],
  removeReason: 'Why',
  removeReasons: { stolen: 'Stolen', lost: 'Lost', retired: 'Sold or no longer used' },
  removeAddedTitle: 'It let these devices in',
  removeAddedBody: 'They go too, unless you clear the mark.',
  removeAddedBy: (name: string, by: string) => `${name}, let in by ${by}`,
  removeVoid: 'Who it added or removed counts no more since',
  removeUndo: 'Take back its changes of files since',
  fromNone: 'Leave all of it',
  removeUndoCount: (n: number) =>
    n === 0
      ? 'It changed nothing in that time that is not as before again.'
      : `${format.count(n, files)} that it changed in that time.`,
  removeGo: 'Go on…',
  removeNext: 'A window of its own asks for the name of the device next.',
  removedTitle: (name: string) => `“${name}” is removed`,
  removedUndone: (n: number) => `${format.count(n, files)} put back as before.`,
  removedPasswords:
    'What is on it stays readable there. Change passwords that are kept in these folders, and sign it out of accounts.',

  changesTitle: (name: string) => `What “${name}” changed`,
  changesSince: 'Since',
  changesNone:
    'There is nothing to put back: it changed nothing in that time, as far as is known here, or all of that is as before again.',
  changesBody: 'Marked ones are put back as they stood before. What is there now is kept in the history.',
  changesLabel: 'Changes',
  changeLine: (kind: 'written' | 'deleted', isNew: boolean): string =>
    kind === 'deleted' ? 'deleted' : isNew ? 'made' : 'changed',
  changeSelect: (name: string) => `Select ${name}`,
  putBack: (n: number) => (n === 0 ? 'Put back marked' : `Put back ${n} marked`),
  putBackAll: (n: number) => (n < 2 ? 'Put back all' : `Put back all ${n}`),

  outTitle: (by: readonly string[]) =>
    by.length === 0 ? 'This device was removed' : `This device was removed by ${format.list(by)}`,
  outSuspended: 'This device is not trusted now',
  outWhen: (at: string | null, now: number, how: string | null) =>
    [
      at === null ? '' : `Heard ${format.moment(at, now)}. `,
      how === 'stolen' || how === 'lost' ? `The reason given: ${reasons[how]}. ` : '',
    ].join(''),
  outBody: 'It syncs with no device any more. Your files on it are as they were.',
  outSuspendedBody:
    'Whoever let it in was removed. On another of your devices, open Devices and let this one in again. Your files on it are as they were.',
  outMutual: (by: readonly string[]) =>
    `This device and ${format.list(by)} removed each other. Neither can sync until the recovery code decides, or one of them is set up anew.`,
  outMine: 'That was me',
  outMineBody:
    'Set it up anew to use it with the others again: it gets a new key, and they let it in as a new device.',
  outMineButton: 'Set up anew…',
  outTheirs: 'That was not me',
  outTheirsBody: (by: readonly string[]) =>
    `Then ${format.list(by)} may be in other hands. Remove ${by.length === 1 ? 'it' : 'them'} everywhere: each of your devices that hears of it does the same.`,
  outTheirsButton: (by: readonly string[]) => `Remove ${format.list(by)}…`,
  outCode: 'I have the recovery code',
  outCodeBody: 'It has the last word over every device.',
  outCodeButton: 'Decide with it…',

  recoverPickTitle: 'Decide with the recovery code',
  recoverPickBody:
    'Mark the devices that belong together from now on. All others are removed for good. A window of its own asks for the twelve words next.',
  recoverPickLabel: 'Devices to keep',
  recoverPickGo: 'Go on…',
  recoverNoCode:
    'These devices have no recovery code: it can only be made when they are first brought together.',
  thisOne: (name: string) => `${name} (this device)`,
});

export type DeviceWords = ReturnType<typeof enDevices>;
