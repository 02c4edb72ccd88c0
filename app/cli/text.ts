import type { DeviceListing, FolderListing, FolderStatus, PeerStatus } from '../../core/engine/engine.ts';
import type { ErrorCode, SyncError } from '../../core/model/errors.ts';
import { keyLocked, keyNotKept } from './key-text.ts';
import { rateForm, scheduleFaults } from './limits-text.ts';
import { pairingFailures } from './pairing-text.ts';

/** What a person is told of a failure: what is so, and what helps (empty when nothing does but trying again). */
export interface FailureText {
  readonly message: string;
  readonly action: string;
}

type Facts = SyncError['facts'];
/** The words for a code, by what is known. */
export type FailureWords = (facts: Facts) => FailureText;

/** The failure in words, for people. */
export function failureText(error: SyncError): FailureText {
  return failures[error.code](error.facts);
}

/** How a device's alarm reads. */
export const alarmText = (alarm: string): string =>
  alarm === 'identity-in-two-places'
    ? 'its identity is used in two places: its home was copied or restored from a backup. Keep only one of them running; give the other a new home and pair it anew'
    : alarm;

const failures: Readonly<Record<ErrorCode, FailureWords>> = {
  'bad-argument': badArgument,
  'not-found': notFound,
  ambiguous: ({ what, text }) => ({
    message: `More than one ${what ?? 'thing'} fits${named(text)}.`,
    action: `Give the whole ${what === 'device' ? 'key' : 'id'} instead.`,
  }),
  'already-exists': ({ what, path, folder, text }) =>
    what === 'path'
      ? { message: `There is something at this place already${about(path)}.`, action: 'Give another one.' }
      : what === 'joining'
        ? {
            message: 'This device is already pairing, or asking to be admitted somewhere.',
            action: 'Wait for the answer, then try again.',
          }
        : what === 'member'
          ? {
              message: 'That device belongs to the group already.',
              action: 'See `lockstep device list`.',
            }
          : {
              message: `This folder is already kept in step here${about(path ?? folder ?? text)}.`,
              action: '',
            },
  'directory-missing': ({ path }) => ({
    message: `There is no directory${named(path)}.`,
    action: 'Make it first, or check the spelling.',
  }),
  'not-a-directory': ({ path }) => ({
    message: `A directory is needed, and this is none${about(path)}.`,
    action: '',
  }),
  'folder-inside-folder': ({ path, other }) => ({
    message: `The directory${named(path)} lies inside a folder that is already kept in step, or has one inside it${other === undefined ? '' : ` (${other})`}.`,
    action: 'Choose a directory apart from the others.',
  }),
  'folder-elsewhere': ({ path }) => ({
    message: `This directory belongs to another folder already${about(path)}.`,
    action: 'Choose another directory; nothing was changed.',
  }),
  'home-in-use': ({ path }) => ({
    message: `A device is already running in this home${about(path)}.`,
    action: 'Use that one, or give another home with `--home`.',
  }),
  'home-unusable': ({ path, code }) => ({
    message: `The home of this device cannot be used${about(path)}${code === undefined ? '' : ` (${code})`}.`,
    action: 'Check who may read and write it, or give another home with `--home`.',
  }),
  'home-inside-folder': ({ path }) => ({
    message: `This device's own home and a folder may not lie inside each other${about(path)}.`,
    action: 'Choose another directory.',
  }),
  'not-running': ({ path }) => ({
    message: `No device is running in${named(path)}.`,
    action: 'Start one with `lockstep start`, or name its home with `--home`.',
  }),
  'timed-out': ({ what }) => ({
    message:
      what === 'wait'
        ? 'Not everything was in step when the time ran out.'
        : what === 'join'
          ? 'The other device did not let this one in in time.'
          : 'No answer came in time.',
    action:
      what === 'wait'
        ? 'See `lockstep status` for what is missing.'
        : what === 'join'
          ? 'Ask the person there, then try again with a new invitation: `lockstep device invite`.'
          : 'Try again.',
  }),
  'person-needed': ({ what }) => ({
    message:
      what === 'questions'
        ? 'A question waits for an answer first.'
        : what === 'added-devices'
          ? 'It let other devices in.'
          : `A person has to decide first${what === undefined ? '' : ` (${what})`}.`,
    action:
      what === 'questions'
        ? 'See `lockstep questions`, and answer with `lockstep answer`.'
        : what === 'added-devices'
          ? 'Say what becomes of them with `--with-added` or `--keep-added`.'
          : 'Run it in a terminal.',
  }),
  ...pairingFailures,
  'already-in-group': () => ({
    message: 'This device already belongs to a group.',
    action: 'Leave it first with `lockstep group leave`; the files stay.',
  }),
  'no-group': () => ({
    message: 'This device belongs to no group yet.',
    action: 'Found one with `lockstep device invite`, or join one with `lockstep device join`.',
  }),
  'not-member': () => ({
    message: 'That device is not one of this group.',
    action: 'See `lockstep device list`.',
  }),
  unreachable: () => ({
    message: 'The other device cannot be reached.',
    action: 'Check that it is running and on the same network, then try again.',
  }),
  'key-unreadable': ({ path }) => ({
    message: `The key of this device is damaged or no key${about(path)}.`,
    action: 'Bring the file back from a backup; a new home makes a new device.',
  }),
  'key-locked': keyLocked,
  'key-exposed': ({ path }) => ({
    message: `Others on this machine may read the key of this device${about(path)}.`,
    action:
      'Take that right from them (`chmod 600`); if they may have read it, start anew with another home.',
  }),
  'index-unreadable': ({ file, path }) => ({
    message: `What this device remembers of a folder cannot be read${about(file ?? path)}.`,
    action: 'Remove the folder and join it again; its files stay.',
  }),
  'disk-failed': ({ path, file, code, cause }) => ({
    message: `The disk failed${about(path ?? file)} (${code ?? cause ?? 'no reason given'}).`,
    action: 'Check the disk, then try again.',
  }),
  'no-space': ({ path, file }) => ({
    message: `The disk is full${about(path ?? file)}.`,
    action: 'Make room, then try again.',
  }),
  'peer-misbehaved': () => ({
    message: 'The other device said something that makes no sense, and was cut off.',
    action: 'Check that both run the same version of Lockstep.',
  }),
  'version-unsupported': () => ({
    message: 'The other side is of a version that this one does not understand.',
    action: 'Bring both up to date.',
  }),
  'not-allowed': notAllowed,
  interrupted: ({ what }) => ({
    message:
      what === 'device-stops' || what === 'device-gone'
        ? 'The device was stopped before it could answer.'
        : what === 'pairing'
          ? 'The other device broke the pairing off.'
          : 'Interrupted.',
    action:
      what === 'device-stops' || what === 'device-gone'
        ? 'Start it and ask again.'
        : what === 'pairing'
          ? 'Begin again on both devices.'
          : '',
  }),
  internal: () => ({
    message: 'Something went wrong inside Lockstep.',
    action: 'The file logs/lockstep.log in the home of the device says more.',
  }),
};

function notFound({ what = '', text, since, path }: Facts): FailureText {
  switch (what) {
    case 'device':
    case 'folder':
      return {
        message: `There is no ${what}${named(text)} here.`,
        action: `See \`lockstep ${what} list\` for what there is.`,
      };
    case 'nearby-device':
      return {
        message: `No device near by has a key that begins with${named(text)}.`,
        action: 'See `lockstep device nearby`, or give the whole key.',
      };
    case 'schedule':
      return {
        message: `Nothing is scheduled under${named(text)}.`,
        action: 'See `lockstep schedule list` for the numbers.',
      };
    case 'pattern':
      return { message: `There is no such pattern${named(text)}.`, action: 'See `lockstep ignore list`.' };
    case 'marker':
      return {
        message: `The directory is not this folder${about(path)}.`,
        action:
          'Move the folder’s directory there first, with everything in it, and tell the new place then.',
      };
    case 'question':
      return {
        message: `There is no open question${named(text)}.`,
        action: 'See `lockstep questions`.',
      };
    case 'conflict':
      return {
        message: `There is no open conflict${named(text)}, or its versions are others by now.`,
        action: 'See `lockstep conflict list`.',
      };
    case 'moment':
      return { message: `What was there before ${since} is not known here.`, action: 'Give a later moment.' };
    case 'content':
      return {
        message: `No connected device has these bytes${about(path)}.`,
        action: 'Connect a device that may have them, then try again.',
      };
    case 'activity':
      return {
        message: text === undefined ? 'There is nothing to take back.' : `Nothing is known as ${text} here.`,
        action: 'See `lockstep activity`.',
      };
    default:
      return { message: `There is no ${what === '' ? 'such thing' : what}${named(text)} here.`, action: '' };
  }
}

function notAllowed(facts: Facts): FailureText {
  const { what = '', path } = facts;
  const ofKey = keyNotKept(facts);
  if (ofKey !== undefined) return ofKey;
  switch (what) {
    case 'home':
      return {
        message: `You may not use the home${named(path)}: it belongs to another user.`,
        action: 'Run this as that user, or give another home with `--home`.',
      };
    case 'folder-paused':
      return { message: 'The folder is paused.', action: 'Resume it first.' };
    case 'folder-not-ready':
      return { message: 'The folder is still being read for the first time.', action: 'Try again soon.' };
    case 'no-terminal':
      return {
        message: 'This asks before it does anything, and nobody can answer here.',
        action: 'Run it in a terminal, or with `--yes`.',
      };
    case 'no-secret':
      return { message: 'It was not given.', action: 'Type it in a terminal, or give it on standard input.' };
    case 'refused':
      return { message: 'Nothing was changed.', action: '' };
    case 'recovery-code':
      return {
        message: 'These are not the recovery words of this group.',
        action: 'Type the twelve words as they stand on the paper.',
      };
    case 'remove-self':
      return {
        message: 'A device cannot remove itself.',
        action: 'Leave the group with `lockstep group leave`.',
      };
    case 'removed-already':
      return { message: 'That device was removed already.', action: 'See `lockstep device list`.' };
    case 'recover-without-self':
      return {
        message: 'The device that recovers the group has to be one of those kept.',
        action: 'Name it with `--keep` too.',
      };
    case 'folder-receives':
      return {
        message: 'This folder only receives: a change made here would not reach the other devices.',
        action:
          'Do it on another device, or let changes go both ways: `lockstep folder set FOLDERID --mode both`.',
      };
    case 'folder-read-only':
      return {
        message:
          'This device may only read that folder: a change made here would not be taken by the others.',
        action: 'Another device can allow it: `lockstep folder permit FOLDERID KEY change`.',
      };
    case 'permit-self':
      return {
        message: 'A device does not decide for itself what it may do with a folder.',
        action: 'Do it on another device of the group.',
      };
    case 'folder-both-ways':
      return {
        message: 'Changes of this folder go both ways: there is nothing to accept or revert.',
        action: '',
      };
    case 'directory-in-the-way':
      return {
        message: `A directory with something in it stands there${about(path)}.`,
        action: 'Keep the directory, keep both, or give another place.',
      };
    case 'file-in-the-way':
      return {
        message: `A file stands where a directory is needed${about(path)}.`,
        action: 'Move it away first.',
      };
    case 'undone-already':
      return { message: 'This was taken back already.', action: '' };
    case 'not-undoable':
      return { message: 'This cannot be taken back: it changed nothing by itself.', action: '' };
    default:
      return { message: `That is not allowed here${what === '' ? '' : ` (${what})`}.`, action: '' };
  }
}

function badArgument({ what, field, reason, method, address, usage, text }: Facts): FailureText {
  if (usage !== undefined) return { message: sentence(String(usage)), action: String(reason ?? '') };
  if (method !== undefined)
    return {
      message: `The running device does not know how to do this (${method}).`,
      action: 'Start it anew with this version of Lockstep.',
    };
  if (address !== undefined)
    return {
      message: `This is not an address to listen on or connect to${about(address)}.`,
      action: 'Write it like /ip4/192.168.1.7/tcp/4400.',
    };
  if (what === 'device-key-own')
    return { message: 'This is the key of this very device.', action: 'Give the other one’s.' };
  if (what !== undefined && String(what).startsWith('device-key'))
    return {
      message: `This is not a device key: ${keyFaults[String(what)] ?? 'it cannot be read'}.`,
      action: 'Copy it from `lockstep id` on that device.',
    };
  if (what === 'schedule')
    return {
      message: `The schedule makes no sense${about(text)}.`,
      action: scheduleFaults[String(reason)] ?? '',
    };
  if (what === 'limits.sendBps' || what === 'limits.receiveBps')
    return {
      message: `This is no rate for ${what}${about(text)}.`,
      action: `Give ${rateForm}; 0 is as fast as it goes.`,
    };
  const why = reason === undefined ? '' : ` (${reason})`;
  return {
    message: `This makes no sense as ${field ?? what ?? 'a value'}${about(text)}${why}.`,
    action: '',
  };
}

const keyFaults: Readonly<Record<string, string>> = {
  'device-key-length': 'it is too short or too long',
  'device-key-character': 'it has a character that no key has',
  'device-key-check': 'a character is wrong, or two are swapped',
};

/** What it is about, after a colon; nothing when that is not known. */
function about(value: Facts[string] | undefined): string {
  return value === undefined || value === '' ? '' : `: ${value}`;
}

function named(value: Facts[string] | undefined): string {
  return value === undefined || value === '' ? '' : ` ${value}`;
}

function sentence(text: string): string {
  const first = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(first) ? first : `${first}.`;
}

/** A folder's state, in words. */
export const folderStates: Readonly<Record<FolderStatus['state'] | FolderListing['state'], string>> = {
  'up-to-date': 'up to date',
  scanning: 'looking for changes',
  syncing: 'syncing',
  paused: 'paused',
  attention: 'needs attention',
  error: 'stopped by an error',
  offered: 'offered, not kept here',
};

/** A device's state, in words. */
export const deviceStates: Readonly<Record<DeviceListing['state'] | PeerStatus['state'], string>> = {
  self: 'this device',
  connected: 'connected',
  connecting: 'connecting',
  offline: 'offline',
  pending: 'asks to join',
  suspended: 'suspended',
  revoked: 'removed',
};

/** Said once, with the words. */
export const recoveryText = (words: string): readonly string[] => [
  'Recovery code of the new group, shown only this once:',
  '',
  `  ${words}`,
  '',
  'Write these twelve words on paper and keep them away from your devices: they outrank every device, so that they can put things right after a theft or a quarrel about who belongs.',
  'Nobody can tell you the words again, and a group founded without them never gets any.',
];
