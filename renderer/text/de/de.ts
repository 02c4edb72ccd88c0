import { createFormat } from '../format.ts';
import type { Words } from '../words.ts';
import { deActivity } from './activity.ts';
import { deAsks } from './asks.ts';
import { deConflicts } from './conflicts.ts';
import { deDevices } from './devices.ts';
import { deErrors } from './errors.ts';
import { deHistory } from './history.ts';
import { deKeys } from './keys.ts';
import { deLimits } from './limits.ts';
import { dePairing } from './pairing.ts';
import { deProblems } from './problems.ts';
import { deSettings } from './settings.ts';
import { deStatus } from './status.ts';
import { deTray } from './tray.ts';
import { deWindow } from './window.ts';

/** All words in German, with numbers and times as `locale` writes them. */
export function createGerman(locale: string): Words {
  const format = createFormat(locale);
  return {
    locale,
    direction: 'ltr',
    format,
    ...deWindow(format),
    ...deConflicts(format),
    ...deHistory(format),
    ...deActivity(format),
    ...deKeys(),
    ...deDevices(format),
    ...dePairing(format),
    ...deSettings(format),
    ...deLimits(format),
    ...deStatus(format),
    ...deProblems,
    ...deErrors,
    asks: deAsks(format),
    tray: deTray(format),
  };
}
