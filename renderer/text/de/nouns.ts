import type { Encoding } from '../../state/decode-text.ts';

export const files = { one: 'Datei', other: 'Dateien' };
export const items = { one: 'Eintrag', other: 'Einträge' };
export const changes = { one: 'Änderung', other: 'Änderungen' };
export const devices = { one: 'Gerät', other: 'Geräte' };
/** After “auf”, “mit”, “von”, “in”. */
export const devicesDative = { one: 'Gerät', other: 'Geräten' };
export const directoriesDative = { one: 'Verzeichnis', other: 'Verzeichnissen' };

export const encodings: Readonly<Record<Encoding, string>> = {
  'utf-8': 'UTF-8',
  'utf-16le': 'UTF-16',
  'utf-16be': 'UTF-16',
  'windows-1252': 'Westeuropäisch (Windows-1252)',
};

/** This device in the middle of a sentence, as subject or object. */
export const thisDevice = 'dieses Gerät';

/** Whoever stands after “auf”, “mit” or “von”. */
export const dative = (who: string): string => (who === thisDevice ? 'diesem Gerät' : who);

/** The same words at the beginning of a sentence. */
export const capital = (text: string): string => (text.startsWith(thisDevice) ? `D${text.slice(1)}` : text);
