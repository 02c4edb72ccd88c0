import { ipcMain, type IpcMainInvokeEvent, type WebContents } from 'electron';
import type { z } from 'zod';
import { type AskMethods, askForms } from './asks.ts';
import { type ShellMethods, shellForms } from './contract.ts';

type Methods = Readonly<Record<string, { readonly takes: unknown; readonly gives: unknown }>>;
type Answers<M extends Methods> = {
  readonly [N in keyof M]: (
    params: M[N]['takes'],
    from: WebContents,
  ) => Promise<M[N]['gives']> | M[N]['gives'];
};

/** How main answers each request of the window's page. */
export type ShellAnswers = Answers<ShellMethods>;
/** How main answers each request of a question's page. */
export type AskAnswers = Answers<AskMethods>;

/** Answers the requests of the window's page, after a look at who asks and at the form of what is asked; anything else is refused without a reason. */
export const answerShell = (answers: ShellAnswers, origin: string): void =>
  answerPage({ channel: 'shell', forms: shellForms, origin }, answers);

/** The same for a question's page. */
export const answerAsks = (answers: AskAnswers, origin: string): void =>
  answerPage({ channel: 'ask', forms: askForms, origin }, answers);

interface Page {
  readonly channel: string;
  readonly forms: Readonly<Record<string, z.ZodType>>;
  readonly origin: string;
}

function answerPage<M extends Methods>({ channel, forms, origin }: Page, answers: Answers<M>): void {
  for (const [method, form] of Object.entries(forms))
    ipcMain.handle(`${channel}:${method}`, (event, params: unknown) => {
      const checked = form.safeParse(params);
      if (!isOurPage(event, origin) || !checked.success) throw new Error('refused');
      return answers[method]?.(checked.data, event.sender);
    });
}

function isOurPage({ sender, senderFrame }: IpcMainInvokeEvent, origin: string): boolean {
  return senderFrame !== null && senderFrame === sender.mainFrame && senderFrame.origin === origin;
}
