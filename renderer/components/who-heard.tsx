import { CircleCheck, CircleDashed } from 'lucide-react';
import type { DeviceListing, Picture } from '../../app/ipc/contract.ts';
import { hearersOf } from '../state/removal.ts';
import { en } from '../text/en.ts';
import { visibleText } from '../text/format.ts';
import { useNow } from './use-now.ts';

/** Which of the other devices know of a removal; it fills by itself as they hear of it. */
export function WhoHeard({
  removed,
  picture,
}: {
  readonly removed: DeviceListing;
  readonly picture: Picture;
}) {
  const now = useNow();
  const hearers = hearersOf(picture.devices, removed);
  const isOpen = hearers.some(({ key }) => removed.notHeard.includes(key));
  return (
    <section aria-label={en.whoHeard} className="who-heard">
      <h3>{en.whoHeard}</h3>
      {hearers.length === 0 ? null : (
        <ul aria-live="polite">
          {hearers.map(({ key, name, lastSeen }) => {
            const hasHeard = !removed.notHeard.includes(key);
            const Icon = hasHeard ? CircleCheck : CircleDashed;
            return (
              <li key={key} data-heard={hasHeard}>
                <Icon size={16} aria-hidden="true" />
                <bdi>
                  {hasHeard ? en.heardYes(visibleText(name)) : en.heardNot(visibleText(name), lastSeen, now)}
                </bdi>
              </li>
            );
          })}
        </ul>
      )}
      <p className="quiet">{isOpen ? en.heardUntil : en.heardAll}</p>
    </section>
  );
}
