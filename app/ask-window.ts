import { type BrowserWindow, BrowserWindow as Windows } from 'electron';
import type { WireError } from './control/control.ts';
import type { Ask } from './ipc/asks.ts';
import type { AskAnswers } from './ipc/shell.ts';
import { askOrigin } from './ui-files.ts';

/** Questions of the main process, each in a window of its own, one after the other. */
export interface AskWindow {
  /** Whether a question is open, or waits to be. */
  isBusy(): boolean;
  /**
   * Asks, and resolves to what came of the answer; to undefined if the person thought better of it. `perform` takes what was typed; while it gives an error, that is told and
   * the question stays. One that is `firm` cannot be closed unanswered.
   */
  ask<T>(
    question: Ask,
    perform: (text: string) => Promise<{ readonly done: T } | { readonly error: WireError }>,
    isFirm?: boolean,
  ): Promise<T | undefined>;
  /** For the question's page. */
  readonly answers: AskAnswers;
}

interface Open {
  readonly window: BrowserWindow;
  readonly question: Ask;
  readonly isFirm: boolean;
  answer(text: string): Promise<{ readonly error?: WireError }>;
}

/** About what each needs, until its page has said how much that is. */
const heights: Readonly<Record<Ask['kind'], number>> = {
  leave: 240,
  'recovery-words': 480,
  recover: 440,
  remove: 560,
};
/** LIMIT: whatever needs more, as many names do, is scrolled. */
const maxHeight = 640;

/** No question yet. `parent` is the window to stand before. */
export function createAskWindow(dependencies: {
  readonly preload: string;
  readonly icon: string;
  parent(): BrowserWindow | undefined;
  /** Whether the program is about to end, for which every window closes. */
  isEnding(): boolean;
}): AskWindow {
  const { preload, icon, parent, isEnding } = dependencies;
  let open: Open | undefined;
  let waiting = 0;
  let before: Promise<unknown> = Promise.resolve();

  const make = (kind: Ask['kind'], isFirm: boolean): BrowserWindow => {
    const above = parent();
    const window = new Windows({
      width: 560,
      height: heights[kind],
      minWidth: 420,
      minHeight: 200,
      show: false,
      title: 'Lockstep',
      autoHideMenuBar: true,
      minimizable: false,
      fullscreenable: false,
      closable: !isFirm,
      ...(above === undefined ? {} : { parent: above, modal: true }),
      ...(process.platform === 'linux' ? { icon } : {}),
      webPreferences: {
        preload,
        sandbox: true,
        contextIsolation: true,
        nodeIntegration: false,
        webviewTag: false,
        spellcheck: false,
      },
    });
    window.once('ready-to-show', () => window.show());
    return window;
  };

  const askNow: AskWindow['ask'] = (question, perform, isFirm = false) =>
    new Promise((resolve) => {
      const window = make(question.kind, isFirm);
      let isAnswering = false;
      open = {
        window,
        question,
        isFirm,
        async answer(text) {
          if (isAnswering) return {};
          isAnswering = true;
          try {
            const came = await perform(text);
            if ('error' in came) return { error: came.error };
            resolve(came.done);
            window.destroy();
            return {};
          } finally {
            isAnswering = false;
          }
        },
      };
      window.on('close', (event) => {
        if (isFirm && !isEnding()) event.preventDefault();
      });
      window.on('closed', () => {
        open = undefined;
        resolve(undefined);
      });
      void window.loadURL(`${askOrigin}/ask.html`);
    });

  return {
    isBusy: () => waiting > 0,
    ask(question, perform, isFirm) {
      waiting += 1;
      const asked = before.then(() => askNow(question, perform, isFirm));
      before = asked.finally(() => {
        waiting -= 1;
      });
      return asked;
    },
    answers: {
      facts: (_params, from) => (from === open?.window.webContents ? open.question : null),
      answer: ({ text }, from) => (from === open?.window.webContents ? open.answer(text) : {}),
      cancel(_params, from) {
        if (from === open?.window.webContents && !open.isFirm) open.window.close();
        return {};
      },
      print(_params, from) {
        if (from === open?.window.webContents) from.print({ silent: false });
        return {};
      },
      fit({ height }, from) {
        const window = from === open?.window.webContents ? open.window : undefined;
        const [width = 0] = window?.getContentSize() ?? [];
        window?.setContentSize(width, Math.min(height, maxHeight));
        return {};
      },
    },
  };
}
