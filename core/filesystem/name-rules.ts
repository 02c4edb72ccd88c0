/** Whose rules for names a disk obeys. */
export type NameRules = 'posix' | 'darwin' | 'windows';

/** Why a disk cannot hold a name. */
export type NameFault = 'not-a-name' | 'not-text' | 'too-long' | 'character' | 'trailing' | 'device';

/** How a disk tells two names apart. */
export interface Folding {
  readonly caseInsensitive: boolean;
  /** Names equal in Unicode NFC are one name, whichever spelling the disk keeps. */
  readonly normalises: boolean;
}

/** LIMIT: 255 bytes on Linux's disks and APFS, 255 UTF-16 units on NTFS. */
const maxNameUnits = 255;
const encoder = new TextEncoder();
// eslint-disable-next-line no-control-regex -- Windows forbids exactly these.
const windowsCharacters = /[<>:"|?*\\\u0000-\u001f]/;
// Source: "Naming Files, Paths, and Namespaces" in the Windows documentation; superscript digits count as digits there, and COM0 is refused by some versions.
const windowsDevices = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9\u00b9\u00b2\u00b3]) *(?:\.|$)/i;

/** What keeps a disk with these rules from holding `name`, or undefined if nothing does. */
export function checkName(name: string, rules: NameRules): NameFault | undefined {
  if (name === '' || name === '.' || name === '..' || name.includes('/') || name.includes('\0'))
    return 'not-a-name';
  if (!name.isWellFormed()) return 'not-text';
  if (rules !== 'windows') return encoder.encode(name).length > maxNameUnits ? 'too-long' : undefined;
  if (name.length > maxNameUnits) return 'too-long';
  if (windowsCharacters.test(name)) return 'character';
  if (name.endsWith('.') || name.endsWith(' ')) return 'trailing';
  return windowsDevices.test(name) ? 'device' : undefined;
}

/**
 * The slot of `name`: two names with one slot are one name to the disk. Case is folded one character to one, as disks do; where tables
 * differ between systems this folds rather more, which holds a file back where less would lose one.
 */
export function foldName(name: string, folding: Folding): string {
  const spelled = folding.normalises ? name.normalize('NFC') : name;
  if (!folding.caseInsensitive) return spelled;
  if (isAscii(spelled)) return spelled.toLowerCase();
  let folded = '';
  for (const character of spelled) folded += foldCharacter(character);
  return folding.normalises ? folded.normalize('NFC') : folded;
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}

/** Through upper case and down again, so that all forms of a letter (σ ς, k and the Kelvin sign) meet; a character that would become several stays. */
function foldCharacter(character: string): string {
  const upper = character.toUpperCase();
  const middle = isOneCharacter(upper) ? upper : character;
  const lower = middle.toLowerCase();
  return isOneCharacter(lower) ? lower : middle;
}

function isOneCharacter(text: string): boolean {
  return text.length === 1 || (text.length === 2 && (text.codePointAt(0) ?? 0) > 0xffff);
}
