import type { KeyPlaceWords } from '../en/keys.ts';

export const deKeys = (): KeyPlaceWords => ({
  keyQuestionState: 'Eine Frage, bevor Lockstep startet.',
  keyQuestionTitle: 'Wo soll dieses Gerät seinen Schlüssel aufbewahren?',
  keyQuestionBody:
    'Der Schlüssel macht diesen Computer zu einem Ihrer Geräte. Lockstep hat auf diesem System keinen Schlüsselbund gefunden, der ihn verschließen könnte. Als einfache Datei kann ihn nur Ihr eigenes Benutzerkonto lesen; wer aber an die Datei gelangt, etwa auf einer gestohlenen Festplatte oder in einer Sicherung, kann sich als dieses Gerät ausgeben, bis Sie es entfernen.',
  keyQuestionKeyring:
    'Damit er verschlossen wird, richten Sie zuerst einen Schlüsselbund ein, etwa GNOME-Schlüsselbund oder KWallet, entsperren ihn und versuchen es erneut.',
  keyQuestionAgain: 'Jetzt gibt es einen Schlüsselbund: erneut versuchen',
  keyQuestionPlain: 'Schlüssel als einfache Datei aufbewahren',
  keyPlace: {
    'os-store': 'Schlüssel vom System verschlossen',
    keyring: 'Schlüssel vom Schlüsselbund verschlossen',
    'systemd-creds': 'Schlüssel vom System verschlossen',
    passphrase: 'Schlüssel mit Passphrase verschlossen',
    plain: 'Schlüssel nicht verschlossen',
    unknown: '',
  },
});
