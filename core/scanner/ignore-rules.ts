import ignore, { type Ignore } from 'ignore';
import type { DiskKind } from '../model/disk.ts';
import { nameOf, type RelativePath } from '../model/path.ts';

/** The file at the top of a folder that says, in the syntax of `.gitignore`, what is not to be kept in step. It is kept in step itself, always. */
export const ignoreFile = '.lockstepignore' as RelativePath;

/** LIMIT: the matcher remembers every path it was asked about; after so many it is made anew. */
const pathsRemembered = 20_000;

/**
 * Names nobody could have meant to keep: what a system or a program writes for itself, on every machine anew. Anything a person may
 * have made or may want back stays in sync: `*~` and `.bak` (somebody's last good version), `desktop.ini` and `Icon` (a chosen
 * picture), `._*` (a file's other half), `4913` (any number is a fine name), and every directory.
 */
const builtIn: readonly { readonly kind: DiskKind; readonly name: RegExp }[] = [
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

/** Which paths of a folder are left out. */
export interface IgnoreRules {
  /** What they were made from. */
  readonly text: string;
  /** Whether a thing of this kind at this path is left out, for itself or for a directory above it. */
  isIgnored(path: RelativePath, kind: DiskKind): boolean;
  /** The same with the pattern that decided, as written; null if none did. */
  explain(path: RelativePath, kind: DiskKind): { readonly ignored: boolean; readonly rule: string | null };
}

/** A pattern of an ignore file and the line it stands on, from 1. */
export interface IgnorePattern {
  readonly pattern: string;
  readonly line: number;
}

/** The patterns of an ignore file in order, without comments and empty lines. */
export function ignorePatterns(text: string): readonly IgnorePattern[] {
  return text
    .split(/\r?\n/)
    .map((pattern, i) => ({ pattern, line: i + 1 }))
    .filter(({ pattern }) => pattern.trim() !== '' && !pattern.startsWith('#'));
}

/**
 * Makes rules of the text of an ignore file ('' for none) [SC13]. It is case sensitive on every system, so that all devices leave out the same. Where no
 * pattern says anything the built-in rules do; a pattern with `!` takes a built-in one back.
 */
export function makeIgnoreRules(text: string): IgnoreRules {
  const patterns = ignorePatterns(text).map(({ pattern }) => pattern);
  const compile = (): Ignore => ignore({ allowRelativePaths: true, ignorecase: false }).add(patterns);
  let matcher = compile();
  let asked = 0;

  const explain = (path: RelativePath, kind: DiskKind): { ignored: boolean; rule: string | null } => {
    if (path === ignoreFile) return { ignored: false, rule: null };
    if (patterns.length > 0) {
      asked += 1;
      if (asked % pathsRemembered === 0) matcher = compile();
      const said = matcher.test(kind === 'directory' ? `${path}/` : path);
      if (said.ignored || said.unignored) return { ignored: said.ignored, rule: said.rule?.pattern ?? null };
    }
    const own = builtInFor(path, kind);
    return { ignored: own !== undefined, rule: own ?? null };
  };

  return { text, isIgnored: (path, kind) => explain(path, kind).ignored, explain };
}

/** The built-in rule that leaves a path out, as text; directories never are. */
function builtInFor(path: RelativePath, kind: DiskKind): string | undefined {
  if (kind !== 'file' && kind !== 'symlink') return undefined;
  const name = nameOf(path);
  // All of these names begin with one of four characters: most names are told apart by it.
  const first = name[0];
  if (first !== '.' && first !== '~' && first !== 'T' && first !== 't') return undefined;
  return builtIn.find((rule) => rule.kind === kind && rule.name.test(name))?.name.source;
}
