import { createFormat } from '../format.ts';
import { enActivity } from './activity.ts';
import { enAsks } from './asks.ts';
import { enConflicts } from './conflicts.ts';
import { enDevices } from './devices.ts';
import { enErrors } from './errors.ts';
import { enHistory } from './history.ts';
import { enKeys } from './keys.ts';
import { enLimits } from './limits.ts';
import { enPairing } from './pairing.ts';
import { enProblems } from './problems.ts';
import { enSettings } from './settings.ts';
import { enStatus } from './status.ts';
import { enTray } from './tray.ts';
import { enWindow } from './window.ts';

/** All words in English, with numbers and times as `locale` writes them. */
export function createEnglish(locale: string) {
  const format = createFormat(locale);
  return {
    locale,
    direction: 'ltr' as 'ltr' | 'rtl',
    format,
    ...enWindow(format),
    ...enConflicts(format),
    ...enHistory(format),
    ...enActivity(format),
    ...enKeys(),
    ...enDevices(format),
    ...enPairing(format),
    ...enSettings(format),
    ...enLimits(format),
    ...enStatus(format),
    ...enProblems,
    ...enErrors,
    asks: enAsks(format),
    tray: enTray(format),
  };
}
