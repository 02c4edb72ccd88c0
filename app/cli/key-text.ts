import type { DeviceListing } from '../../core/engine/engine.ts';
import type { SyncError } from '../../core/model/errors.ts';
import type { FailureText } from './text.ts';

/** Where a device keeps its key, in a word or two. */
export const keyPlaces: Readonly<Record<DeviceListing['keyStorage'], string>> = {
  'os-store': 'system store',
  keyring: 'keyring',
  'systemd-creds': 'systemd credential',
  passphrase: 'passphrase',
  plain: 'plain file',
  unknown: '',
};

/** Said at every start of a device whose key lies in a plain file. */
export const plainKeyWarning = (keyFile: string): string =>
  `lockstep: this device's key lies unprotected in ${keyFile} (mode 0600): whoever can read that file can pass for this device. Start with \`--key keyring\` or \`--key passphrase\` to seal it.`;

const noNewKey =
  'No new key is made in its place. If it is lost, start a new device with another `--home`, and pair it.';

/** Why a key stays closed. */
export function keyLocked({ what = '' }: SyncError['facts']): FailureText {
  switch (what) {
    case 'wrong-passphrase':
      return {
        message: 'This is not the passphrase of this device.',
        action: 'Nothing was changed. Try again.',
      };
    case 'passphrase':
      return {
        message: 'The key of this device is locked by a passphrase, and nobody can be asked for it here.',
        action: 'Start it by `lockstep start` in a terminal, or with `--passphrase-fd`.',
      };
    case 'keyring':
      return {
        message: 'The keyring that opens the key of this device is not there, or is locked.',
        action:
          'Unlock it, then try again; a service needs the session’s bus as well (DBUS_SESSION_BUS_ADDRESS).',
      };
    case 'os-store':
      return {
        message: 'The key of this device is sealed for the Lockstep app of this user.',
        action: 'Start it there, or start the app once with `--key=plain` to have the key in a plain file.',
      };
    default:
      return {
        message:
          'This device’s identity cannot be unlocked: the secret that opens its key is gone, or the home comes from another machine.',
        action: noNewKey,
      };
  }
}

/** Why a key cannot be kept as it was wanted; undefined for what has nothing to do with keys. */
export function keyNotKept({ what = '', least }: SyncError['facts']): FailureText | undefined {
  switch (what) {
    case 'no-keyring':
      return {
        message: 'No keyring works here, so the key cannot be kept in one.',
        action:
          'Nothing was changed. On Linux a keyring is the Secret Service of the session, such as gnome-keyring; or take `--key passphrase`.',
      };
    case 'passphrase-short':
      return {
        message: `A passphrase needs at least ${least} characters; several words are better.`,
        action: 'Nothing was changed. Try again.',
      };
    case 'passphrase-differs':
      return { message: 'The two passphrases are not the same.', action: 'Nothing was changed. Try again.' };
    default:
      return undefined;
  }
}
