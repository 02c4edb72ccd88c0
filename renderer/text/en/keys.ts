import type { DeviceListing } from '../../../app/ipc/contract.ts';

/** Words about where devices keep their keys. */
export const enKeys = () => ({
  keyQuestionState: 'One question before Lockstep starts.',
  keyQuestionTitle: 'Where should this device keep its key?',
  keyQuestionBody:
    'The key is what makes this computer one of your devices. Lockstep found no keyring on this system that could lock it. In a plain file only your own user may read it, but whoever gets at that file, on a stolen disk or in a backup, can pass for this device until you remove it.',
  keyQuestionKeyring:
    'To have it locked, set up a keyring first, such as GNOME Keyring or KWallet, unlock it, and try again.',
  keyQuestionAgain: 'I have a keyring now: try again',
  keyQuestionPlain: 'Keep the key in a plain file',
  keyPlace: {
    'os-store': 'Key locked by the system',
    keyring: 'Key locked by a keyring',
    'systemd-creds': 'Key locked by the system',
    passphrase: 'Key locked by a passphrase',
    plain: 'Key not locked',
    unknown: '',
  } satisfies Record<DeviceListing['keyStorage'], string>,
});

export type KeyPlaceWords = ReturnType<typeof enKeys>;
