import type { GroupEvent, Picture } from '../../app/ipc/contract.ts';
import { useEngine } from './engine-context.ts';
import { useAnswer } from './use-answer.ts';

/** What happened to the group, newest first; read anew whenever who belongs to it changes. Empty until it is known. */
export function useGroupEvents({ devices, group }: Picture): readonly GroupEvent[] {
  const engine = useEngine();
  const standing = devices.map(({ key, state, active }) => `${key} ${state === 'revoked'} ${active}`);
  const key = [group.group, group.epoch, ...group.members, ...standing].join(' ');
  const { value = [] } = useAnswer(key, () => engine.ask('groupHistory', undefined));
  return value;
}
