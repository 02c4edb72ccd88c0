import { createFormat } from '../format.ts';
import type { Words } from '../words.ts';
import { zhActivity } from './activity.ts';
import { zhAsks } from './asks.ts';
import { zhConflicts } from './conflicts.ts';
import { zhDevices } from './devices.ts';
import { zhErrors } from './errors.ts';
import { zhHistory } from './history.ts';
import { zhKeys } from './keys.ts';
import { zhLimits } from './limits.ts';
import { zhPairing } from './pairing.ts';
import { zhProblems } from './problems.ts';
import { zhSettings } from './settings.ts';
import { zhStatus } from './status.ts';
import { zhTray } from './tray.ts';
import { zhWindow } from './window.ts';

/** All words in Chinese, written in simplified characters, with numbers and times as `locale` writes them. */
export function createChinese(locale: string): Words {
  const format = createFormat(locale);
  return {
    locale,
    direction: 'ltr',
    format,
    ...zhWindow(format),
    ...zhConflicts(format),
    ...zhHistory(format),
    ...zhActivity(format),
    ...zhKeys(),
    ...zhDevices(format),
    ...zhPairing(format),
    ...zhSettings(format),
    ...zhLimits(format),
    ...zhStatus(format),
    ...zhProblems,
    ...zhErrors,
    asks: zhAsks(format),
    tray: zhTray(format),
  };
}
