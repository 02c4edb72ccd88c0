import type { Picture } from '../../app/ipc/contract.ts';
import { deviceNames } from '../state/select.ts';
import { visibleText } from '../text/format.ts';
import type { Words } from '../text/words.ts';

/** How a device is called in a sentence: by its name, this one as such; empty for nobody. */
export function whoOf(picture: Picture, t: Words): (key: string) => string {
  const nameOf = deviceNames(picture);
  return (key) => {
    if (key === '') return '';
    return key === picture.status.deviceKey ? t.thisDeviceInText : visibleText(nameOf(key));
  };
}
