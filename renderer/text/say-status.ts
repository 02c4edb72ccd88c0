import type { Picture, Question } from '../../app/ipc/contract.ts';
import { visibleText } from './format.ts';
import type { Words } from './words.ts';

/** The one sentence about the whole device, the same in tray and window: whoever waits at the door comes first. `now` in milliseconds. */
export function sayStatus(
  words: Words,
  { status, devices }: Pick<Picture, 'status' | 'devices'>,
  now: number,
): string {
  const asking = devices.filter(({ state }) => state === 'pending').map(({ name }) => visibleText(name));
  if (asking.length > 0) return words.asksToJoin(asking);
  const { pausedUntil } = status;
  return words.status(status, pausedUntil === null ? undefined : words.format.until(pausedUntil, now));
}

/** What a person is asked. */
export function sayQuestion(
  words: Words,
  question: Question,
  picture: Pick<Picture, 'status' | 'devices' | 'folders'>,
): string {
  const { status, devices, folders } = picture;
  const device = devices.find(({ key }) => key === question.device)?.name ?? question.device.slice(0, 7);
  const folder = folders.find(({ id }) => id === question.folderId)?.name ?? '';
  return words.question(question, {
    device: visibleText(device),
    folder: visibleText(folder),
    isOwn: question.device === status.deviceKey,
  });
}
