import { expect, test } from '@playwright/test';
import { launchApp, type RunningApp } from './launch-app.ts';
import { passRecoveryWords } from './pairing.ts';

let app: RunningApp;
test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  app = await launchApp({ isAttacked: true });
});
test.afterAll(() => app?.close());

test('[A39] the page has nothing of Node, lives at its own origin, and meets no refusal of its own content policy', async () => {
  const { page } = app;
  await page.reload();
  await page.getByRole('button', { name: 'Devices' }).click();
  await page.getByRole('button', { name: 'Join with an invitation…' }).click();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.keyboard.press('Escape');
  const seen = await page.evaluate(() => ({
    node: ['require', 'process', 'module', 'Buffer', '__dirname'].filter((name) => name in window),
    origin: location.origin,
    shell: Object.keys(window.shell).sort(),
  }));
  expect(seen).toEqual({ node: [], origin: 'app://ui', shell: ['ask', 'onNote', 'platform'] });
  expect(app.refused).toEqual([]);
});

test('[A38] [A39] the page cannot reach the network, files outside its own, or code made of text', async () => {
  const reach = (address: string): Promise<string> =>
    app.page.evaluate(
      (to) =>
        fetch(to).then(
          ({ status }) => String(status),
          () => 'refused',
        ),
      address,
    );
  for (const address of [
    'https://example.com/',
    'http://127.0.0.1:1/',
    'file:///etc/passwd',
    'app://ui/index.html',
  ])
    expect(await reach(address), address).toBe('refused');
  const status = await app.electron.evaluate(async ({ net }) => {
    const asked = [
      'app://ui/..%2f..%2fpackage.json',
      'app://ui/%2e%2e/main/main.js',
      'app://other/index.html',
      'app://ui/index.html',
    ];
    return Promise.all(asked.map(async (address) => (await net.fetch(address)).status));
  });
  expect(status).toEqual([404, 404, 404, 200]);
  const ran = await app.page.evaluate(() => {
    const script = document.createElement('script');
    try {
      script.text = 'window.ran = true';
      document.head.append(script);
    } catch {
      // The policy refuses the text itself where it can.
    }
    return 'ran' in window;
  });
  expect(ran).toBe(false);
});

test('[A39] main refuses questions it does not know and forms it does not expect; the engine refuses disk paths from the page', async () => {
  const refusals = await app.page.evaluate(async () => {
    const ask = window.shell.ask as (method: string, params: unknown) => Promise<unknown>;
    const said = (asked: Promise<unknown>): Promise<string> =>
      asked.then(
        () => 'done',
        (error: unknown) => (error as Error).message,
      );
    return Promise.all([
      said(ask('openPath', '/etc')),
      said(ask('openFolder', { folderId: 7 })),
      said(ask('openCopy', { path: '/etc/passwd', version: 'v' })),
      said(ask('openCopy', { path: `${'0'.repeat(32)}:a`, version: 'v', to: '/tmp' })),
      said(ask('chooseDirectory', { purpose: 'add', path: '/etc' })),
      said(ask('copyText', { text: 'x'.repeat(100_000) })),
    ]);
  });
  expect(refusals[0]).toContain('No handler');
  for (const refusal of refusals.slice(1)) expect(refusal).toContain('refused');
  expect(await app.page.evaluate(() => window.shell.ask('openFolder', { folderId: 'none' }))).toEqual({
    opened: false,
  });

  const answers = await app.page.evaluate(async () => {
    const port = new Promise<MessagePort>((resolve) => {
      window.addEventListener('message', ({ ports: [next] }) => next !== undefined && resolve(next), {
        capture: true,
        once: true,
      });
    });
    // A second listener of the same port: only for looking; the window's own goes on.
    await window.shell.ask('connectEngine', undefined);
    const given = await port;
    const codes: Record<number, string> = {};
    const all = new Promise<void>((resolve) => {
      given.addEventListener('message', ({ data }) => {
        if (data.kind === 'error') codes[data.id] = data.error.code;
        if (Object.keys(codes).length === 9) resolve();
      });
    });
    given.start();
    const ask = (id: number, method: string, params: unknown): void =>
      given.postMessage({ kind: 'ask', id, method, params });
    given.postMessage('nonsense');
    given.postMessage({ kind: 'ask', id: 'x' });
    ask(900_001, 'folderAdd', { path: '/etc' });
    ask(900_002, 'folderAdd', { place: '00000000-0000-4000-8000-000000000000' });
    ask(900_003, 'groupLeave', undefined);
    ask(900_004, 'constructor', undefined);
    ask(900_005, 'versionRead', { path: '/etc/passwd', version: 'v' });
    ask(900_006, 'restore', { path: `${'0'.repeat(32)}:a`, version: 'v', to: '/etc/cron.d/a' });
    ask(900_007, 'deviceRemove', { devices: ['A'] });
    ask(900_008, 'recover', { code: 'twelve words' });
    ask(900_009, 'deviceInvite', { admit: 'any', recovery: false });
    await all;
    return codes;
  });
  expect(answers).toEqual({
    900_001: 'bad-argument',
    900_002: 'not-found',
    900_003: 'bad-argument',
    900_004: 'bad-argument',
    900_005: 'bad-argument',
    900_006: 'bad-argument',
    900_007: 'bad-argument',
    900_008: 'bad-argument',
    900_009: 'bad-argument',
  });
});

test('the page is told no recovery words, and can neither see nor answer what the main process asks', async () => {
  const { page } = app;
  await page.evaluate(async () => {
    const port = new Promise<MessagePort>((resolve) => {
      window.addEventListener('message', ({ ports: [next] }) => next !== undefined && resolve(next), {
        capture: true,
        once: true,
      });
    });
    await window.shell.ask('connectEngine', undefined);
    const given = await port;
    const told: unknown[] = [];
    Object.assign(window, { told });
    given.addEventListener('message', ({ data }) => told.push(data));
    given.start();
    given.postMessage({ kind: 'ask', id: 910_001, method: 'deviceInvite', params: undefined });
  });
  const words = await passRecoveryWords(app, async (asked, step) => {
    if (step === 'typed') return;
    // What is on the screen in the other window is nowhere in this one.
    const seen = await page.evaluate(async () => ({
      asking: 'asking' in window,
      opened: window.open('app://ask/ask.html') !== null,
      fetched: await fetch('app://ask/ask.html').then(
        () => true,
        () => false,
      ),
    }));
    expect(seen).toEqual({ asking: false, opened: false, fetched: false });
    expect(await asked.evaluate(() => ['shell' in window, 'require' in window, 'process' in window])).toEqual(
      [false, false, false],
    );
  });
  const told = await page.evaluate(
    () => JSON.stringify((window as unknown as { readonly told: unknown }).told) + document.body.textContent,
  );
  expect(told).toContain('910001');
  expect(told).not.toContain('recoveryCode');
  expect(told).not.toContain(words.join(' '));
});

test('[A40] permissions are refused, whatever they are for', async () => {
  const states = await app.page.evaluate(() =>
    Promise.all(
      ['geolocation', 'camera', 'microphone', 'clipboard-read', 'midi', 'notifications'].map((name) =>
        navigator.permissions.query({ name: name as PermissionName }).then(({ state }) => state, String),
      ),
    ),
  );
  expect(states).toEqual(states.map(() => 'denied'));
  const asked = await app.page.evaluate(async () => {
    const refused = (wish: () => Promise<unknown>): Promise<string> =>
      wish().then(
        () => 'granted',
        () => 'refused',
      );
    return {
      notifications: await Notification.requestPermission(),
      camera: await refused(() => navigator.mediaDevices.getUserMedia({ video: true })),
      screen: await refused(() => navigator.mediaDevices.getDisplayMedia()),
      place: await refused(
        () => new Promise((done, fail) => navigator.geolocation.getCurrentPosition(done, fail)),
      ),
    };
  });
  expect(asked).toEqual({ notifications: 'denied', camera: 'refused', screen: 'refused', place: 'refused' });
});

test('[A40] nothing else is shown in the page, and nothing of it is handed to other programs', async () => {
  await app.electron.evaluate(({ shell }) => {
    shell.openExternal = (address) => {
      Object.assign(globalThis, { handedOut: address });
      return Promise.resolve();
    };
  });
  const made = await app.page.evaluate(() => {
    for (const [kind, name] of [
      ['iframe', 'src'],
      ['webview', 'src'],
      ['object', 'data'],
      ['embed', 'src'],
    ] as const) {
      const element = document.createElement(kind);
      try {
        element.setAttribute(name, 'app://ui/index.html');
      } catch {
        // Some of these the policy refuses to name anything at all.
      }
      document.body.append(element);
    }
    for (const address of [
      'https://example.com/',
      'file:///etc/passwd',
      'smb://host/share',
      'mailto:a@b.c',
    ]) {
      const link = document.createElement('a');
      link.href = address;
      link.target = '_blank';
      document.body.append(link);
      link.click();
      window.open(address);
    }
    const drop = new DataTransfer();
    drop.items.add(new File(['<script>window.ran = true</script>'], 'page.html', { type: 'text/html' }));
    document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: drop, bubbles: true }));
    return { frames: window.frames.length };
  });
  // The policy lets no frame load anything: what stands there is empty.
  const contents = await app.electron.evaluate(({ webContents }) =>
    webContents.getAllWebContents().map((each) => `${each.getType()} ${each.getURL()}`),
  );
  expect(contents).toEqual(['window app://ui/index.html']);
  expect(made.frames).toBeLessThanOrEqual(3);
  const inside = await app.page.evaluate(() =>
    Array.from({ length: window.frames.length }, (_, at) => {
      try {
        return window.frames[at]?.document.body.textContent ?? '';
      } catch {
        return 'elsewhere';
      }
    }),
  );
  expect(inside.filter((text) => text.includes('Lockstep'))).toEqual([]);
  expect(await app.electron.evaluate(() => 'handedOut' in globalThis)).toBe(false);
  expect(await app.page.evaluate(() => 'ran' in window)).toBe(false);
  await app.page.reload();
});

// Last: a refused navigation leaves the test's page waiting for it, so nothing may follow.
test('[A40] the page stays where it is, and opens no other', async () => {
  await app.page.evaluate(() => {
    window.open('https://example.com/');
    location.href = 'https://example.com/';
  });
  await expect
    .poll(() =>
      app.electron.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows().map((window) => window.webContents.getURL()),
      ),
    )
    .toEqual(['app://ui/index.html']);
});
