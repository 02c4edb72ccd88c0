import path from 'node:path';

/** The scheme of the program's own pages. */
export const uiScheme = 'app';

/** Where the window's page lives, and where those of the main process's questions do: two places, so that neither can reach into the other. */
export const uiOrigin = `${uiScheme}://ui`;
export const askOrigin = `${uiScheme}://ask`;
const origins: readonly string[] = [uiOrigin, askOrigin];

/** The file a URL asks for; undefined for anything that is not below `root`. */
export function fileFor(address: string, root: string): string | undefined {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !origins.includes(`${url.protocol}//${url.host}`)) return undefined;
  let asked: string;
  try {
    asked = decodeURIComponent(url.pathname);
  } catch {
    return undefined;
  }
  const file = path.normalize(path.join(root, asked));
  const isFile = file.startsWith(root + path.sep) && !file.endsWith(path.sep) && !asked.includes('\0');
  return isFile ? file : undefined;
}

/** What the page may load: its own scripts, styles and pictures, no connections at all. */
export function contentPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join('; ');
}
