import { ipcMain, type IpcMainInvokeEvent, type WebContents } from 'electron';
import { type ShellMethods, shellForms } from './contract.ts';

/** How main answers each request of the page. */
export type ShellAnswers = {
  readonly [M in keyof ShellMethods]: (
    params: ShellMethods[M]['takes'],
    from: WebContents,
  ) => Promise<ShellMethods[M]['gives']> | ShellMethods[M]['gives'];
};

/** Answers the page's requests, after a look at who asks and at the form of what is asked; anything else is refused without a reason. */
export function answerShell(answers: ShellAnswers, origin: string): void {
  for (const method of Object.keys(shellForms) as (keyof ShellMethods)[]) answerOne(method, answers, origin);
}

function answerOne<M extends keyof ShellMethods>(method: M, answers: ShellAnswers, origin: string): void {
  ipcMain.handle(`shell:${method}`, (event, params: unknown) => {
    const checked = shellForms[method].safeParse(params);
    if (!isOurPage(event, origin) || !checked.success) throw new Error('refused');
    return answers[method](checked.data as ShellMethods[M]['takes'], event.sender);
  });
}

function isOurPage({ sender, senderFrame }: IpcMainInvokeEvent, origin: string): boolean {
  return senderFrame !== null && senderFrame === sender.mainFrame && senderFrame.origin === origin;
}
