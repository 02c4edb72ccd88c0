import { app } from 'electron';

/** Has Chromium write what it draws in pages by itself, such as fields for dates, as a locale does. Before 'ready', and until the program ends. */
export function drawPagesIn(locale: string): void {
  app.commandLine.appendSwitch('lang', locale);
  if (process.platform !== 'linux') return;
  // Where it is set, this says more than the switch. It is read before 'ready'; what is opened later is not to speak our language.
  const { LANGUAGE: before } = process.env;
  process.env.LANGUAGE = locale;
  void app.whenReady().then(() => {
    if (before === undefined) delete process.env.LANGUAGE;
    else process.env.LANGUAGE = before;
  });
}
