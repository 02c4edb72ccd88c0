import type { ErrorCode, WireError } from '../../../app/ipc/contract.ts';

type Facts = WireError['facts'];

const at = ({ path }: Facts): string => (path === undefined ? '' : ` (${path})`);

/** What each failure means, and what helps. */
const sentences: Readonly<Record<ErrorCode, (facts: Facts) => string>> = {
  'bad-argument': ({ what }) =>
    what === 'typed-name'
      ? 'That is not its name. Type it just as it stands above.'
      : what === 'typed-words'
        ? 'These are not the two words. Look at your paper once more, or have the words shown again.'
        : what === 'device-key-own'
          ? 'This is the key of this very device. Type the one that the other device shows.'
          : String(what).startsWith('device-key')
            ? 'This is not a whole device key, or a character is wrong. Copy it from the other device.'
            : 'That cannot be used here. Check what was typed and try again.',
  'not-found': ({ what }) =>
    what === 'place'
      ? 'That directory was not chosen just now. Choose it again.'
      : what === 'content'
        ? 'No connected device has its bytes. Connect one that may have them, then try again.'
        : 'That is not there any more. It may have gone while you looked at it.',
  ambiguous: () => 'That fits more than one. Say it more exactly.',
  'already-exists': ({ what }) =>
    what === 'member'
      ? 'That device is one of yours already. It stands among your devices.'
      : what === 'joining'
        ? 'This device is pairing already. Wait until that is over.'
        : 'That is there already.',
  'directory-missing': (facts) => `The directory is not there${at(facts)}. Make it first, or choose another.`,
  'not-a-directory': (facts) => `That is not a directory${at(facts)}. Choose a directory.`,
  'folder-inside-folder': () =>
    'One folder cannot lie inside another. Choose a directory outside of your other folders.',
  'folder-elsewhere': () => 'This directory belongs to another folder already. Choose another.',
  'home-in-use': () =>
    'Lockstep runs already with the same data, perhaps as the command “lockstep start”. Stop that one, then try again.',
  'home-unusable': (facts) =>
    `Lockstep cannot use the place where it keeps its data${at(facts)}. Check that it is yours and not full.`,
  'home-inside-folder': () =>
    'This directory holds Lockstep’s own data and cannot be kept in step. Choose another.',
  'not-running': () => 'The sync engine does not run. Try again in a moment.',
  'timed-out': ({ what }) =>
    what === 'join'
      ? 'The other device did not let this one in in time. Ask the person there, then try again with a new invitation.'
      : 'It took too long. Check that both devices are on and connected, then try again.',
  'person-needed': () => 'Something else has to be decided first. Look at what needs you.',
  'invitation-unreadable': ({ what }) =>
    what === 'own'
      ? 'This invitation was made on this device. Paste it on the other one.'
      : what === 'version'
        ? 'This invitation is from a later version of Lockstep. Update Lockstep on this device, then paste it again.'
        : 'This is not a whole invitation. Copy all of it, from the first to the last letter.',
  'invitation-used': () =>
    'This invitation was used already, has expired, or the device that made it was started anew. If it was used, and not by you, tell the person who sent it. Ask for a new one.',
  'invitation-refused': ({ what }) =>
    what === 'declined'
      ? 'The person at the other device said no. Ask for a new invitation if that was a mistake.'
      : what === 'not-heard'
        ? 'The other device does not listen to this one: the invitation is not open any more, or others are asking there just now. Try again in a minute, then ask for a new one.'
        : what === 'busy'
          ? 'The other device lets another one in just now. Wait a minute, then try again.'
          : what === 'failed'
            ? 'The other device could not let this one in: something failed there. Look at that device, then ask for a new invitation.'
            : what === 'expired'
              ? 'Nobody answered at the other device in time. Ask for a new invitation.'
              : 'The other device refused. Ask for a new invitation there.',
  'pairing-refused': ({ what }) =>
    what === 'wrong-code' || what === 'unverified'
      ? 'These devices could not be verified: the six digits were not the same. Somebody on this network may be interfering. Use an invitation instead.'
      : what === 'expired'
        ? 'Nobody answered in time. Begin again on both devices.'
        : what === 'declined' || what === 'declined-here'
          ? 'Pairing was stopped. Begin again on both devices if that was a mistake.'
          : what === 'busy'
            ? 'The other device pairs with another one just now. Wait a minute, then begin again on both devices.'
            : what === 'failed'
              ? 'The other device could not do it: something failed there. Look at that device, then begin again on both.'
              : 'The other device is not ready to pair with this one. Open “Add a device” there.',
  'already-in-group': () =>
    'This device belongs with other devices already. To join others it would have to leave them first.',
  'no-group': () => 'There are no other devices yet. Invite one first.',
  'not-member': () => 'That device is not one of yours.',
  unreachable: () =>
    'The other device could not be reached. Check that it is on and connected to the same network.',
  'key-unreadable': (facts) =>
    `The key of this device cannot be read${at(facts)}. Bring the file back from a backup and restart Lockstep; it makes no new key in its place by itself.`,
  'key-exposed': (facts) =>
    `Others on this computer may read this device’s key${at(facts)}. Take that right away from them, then try again.`,
  'key-locked': ({ what }) =>
    what === 'keyring' || what === 'os-store'
      ? 'The system’s store that opens this device’s key is locked or not there. Unlock it, then try again.'
      : what === 'passphrase'
        ? 'The key of this device is locked by a passphrase. Start it with the command “lockstep start”, which asks for it.'
        : 'This device’s identity cannot be unlocked: the secret that opens its key is gone, or its data comes from another computer. Lockstep will not make a new key in its place by itself.',
  'index-unreadable': () =>
    'What Lockstep remembers of a folder cannot be read. It will look through the folder again.',
  'disk-failed': (facts) => `The disk would not do it${at(facts)}. Check the disk and its permissions.`,
  'no-space': () => 'The disk is full. Free some space and try again.',
  'peer-misbehaved': () =>
    'The other device answered with something that makes no sense. Check that both run the same version.',
  'version-unsupported': () => 'The other device runs another version of Lockstep. Update both.',
  'not-allowed': ({ what }) =>
    what === 'recovery-code'
      ? 'These are not the recovery words of these devices. Type all twelve as they stand on the paper.'
      : what === 'removed-already'
        ? 'That device was removed already.'
        : what === 'remove-self'
          ? 'A device cannot remove itself. It can leave the others, in Settings.'
          : what === 'folder-paused'
            ? 'The folder is paused. Resume it first.'
            : what === 'undone-already'
              ? 'That was taken back already.'
              : what === 'directory-in-the-way' || what === 'file-in-the-way'
                ? 'Something else of that name is in the way. Move it first.'
                : 'That is not allowed now. Try again in a moment.',
  interrupted: ({ what }) =>
    what === 'pairing'
      ? 'The other device broke the pairing off. Begin again on both devices.'
      : 'It was interrupted. Try again.',
  internal: () =>
    'Lockstep met an error of its own. Your files are as they were. Restart it if this comes back.',
};

export const enErrors = {
  /** The sentence for a failure. */
  explainError: ({ code, facts }: WireError): string => (sentences[code] ?? sentences.internal)(facts),
};

export type ErrorWords = typeof enErrors;
