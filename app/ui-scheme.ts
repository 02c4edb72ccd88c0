import { randomBytes } from 'node:crypto';
import { pathToFileURL } from 'node:url';
import { net, protocol } from 'electron';
import { contentPolicy, fileFor, uiScheme } from './ui-files.ts';

/** Must be called before the app is ready. */
export function registerUiScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: uiScheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
  ]);
}

/** Serves the files of `root`, and nothing outside it, as {@link uiOrigin}; a page says which `locale` it is in. */
export function serveUi(root: string, locale: () => string): void {
  protocol.handle(uiScheme, async (request) => {
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
    const page = (await found.text()).replaceAll('__NONCE__', nonce).replaceAll('__LOCALE__', locale());
    return new Response(page, { headers });
  });
}
