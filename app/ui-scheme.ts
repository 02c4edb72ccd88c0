import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { net, protocol } from 'electron';

const scheme = 'app';
const host = 'ui';

/** Where the window's page lives; nothing else is ever shown. */
export const uiOrigin = `${scheme}://${host}`;

/** Must be called before the app is ready. */
export function registerUiScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Serves the files of `root`, and nothing outside it, as {@link uiOrigin}. */
export function serveUi(root: string): void {
  protocol.handle(scheme, async (request) => {
    const file = fileFor(request.url, root);
    if (file === undefined) return new Response('', { status: 404 });
    const found = await net.fetch(pathToFileURL(file).href).catch(() => undefined);
    if (found === undefined) return new Response('', { status: 404 });
    const headers = new Headers(found.headers);
    headers.set('X-Content-Type-Options', 'nosniff');
    headers.set('Cross-Origin-Opener-Policy', 'same-origin');
    headers.set('Referrer-Policy', 'no-referrer');
    // The controls' library adds two small style elements and finds the nonce in the page.
    const nonce = randomBytes(16).toString('base64');
    headers.set('Content-Security-Policy', contentPolicy(nonce));
    if (!file.endsWith('.html')) return new Response(found.body, { headers });
    return new Response((await found.text()).replaceAll('__NONCE__', nonce), { headers });
  });
}

/** The file a URL asks for; undefined for anything that is not below `root`. */
export function fileFor(address: string, root: string): string | undefined {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol !== `${scheme}:` || url.host !== host) return undefined;
  let asked: string;
  try {
    asked = decodeURIComponent(url.pathname);
  } catch {
    return undefined;
  }
  const file = path.normalize(path.join(root, asked));
  return file.startsWith(root + path.sep) && !asked.includes('\0') ? file : undefined;
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
