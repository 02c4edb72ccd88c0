import type { DiskKind } from '../model/disk.ts';
import { nameOf, type RelativePath } from '../model/path.ts';

/**
 * Names nobody could have meant to keep: what a system or a program writes for itself, on every machine anew. Anything a person may
 * have made or may want back stays in sync: `*~` and `.bak` (somebody's last good version), `desktop.ini` and `Icon` (a chosen
 * picture), `._*` (a file's other half), `4913` (any number is a fine name), and every directory.
 */
const rules: readonly { readonly kind: DiskKind; readonly name: RegExp }[] = [
  /** Finder's window positions, rewritten whenever somebody looks. */
  { kind: 'file', name: /^\.DS_Store$/ },
  /** Explorer's cache of thumbnails, held open. */
  { kind: 'file', name: /^Thumbs\.db$/i },
  /** Who has a document open in Microsoft Office; gone when it is closed. */
  { kind: 'file', name: /^~\$.+\.(doc|dot|xls|xlt|xla|xlw|ppt|pot|pps|ppa|rtf|vsd|pub)[a-z]?$/i },
  /** The same in LibreOffice. */
  { kind: 'file', name: /^\.~lock\..+#$/ },
  /** Vim's working copy of a file being edited, rewritten every few seconds; it stays on the disk of whoever edits. */
  { kind: 'file', name: /^\..+\.sw[nop]$/ },
  /** Emacs's lock: a symlink that points at a person, never at a file. */
  { kind: 'symlink', name: /^\.#/ },
];

/** Whether the built-in rules keep a thing of this kind at this path out of sync. Directories never are. */
export function isIgnored(path: RelativePath, kind: DiskKind): boolean {
  if (kind !== 'file' && kind !== 'symlink') return false;
  const name = nameOf(path);
  // All of these names begin with one of four characters: most names are told apart by it.
  const first = name[0];
  if (first !== '.' && first !== '~' && first !== 'T' && first !== 't') return false;
  return rules.some((rule) => rule.kind === kind && rule.name.test(name));
}
