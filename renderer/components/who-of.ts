import type { Picture } from '../../app/ipc/contract.ts';
import { deviceNames } from '../state/select.ts';
import { en } from '../text/en.ts';
import { visibleText } from '../text/format.ts';

/** How a device is called in a sentence: by its name, this one as such; empty for nobody. */
export function whoOf(picture: Picture): (key: string) => string {
  const nameOf = deviceNames(picture);
  return (key) => {
    if (key === '') return '';
    return key === picture.status.deviceKey ? en.thisDeviceInText : visibleText(nameOf(key));
  };
}
