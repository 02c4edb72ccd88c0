import { CircleCheck, CircleDashed } from 'lucide-react';
import type { DeviceListing, Picture } from '../../app/ipc/contract.ts';
import { hearersOf } from '../state/removal.ts';
import { visibleText } from '../text/format.ts';
import { useNow } from './use-now.ts';
import { useWords } from './words-context.ts';

/** Which of the other devices know of a removal; it fills by itself as they hear of it. */
export function WhoHeard({
  removed,
  picture,
}: {
  readonly removed: DeviceListing;
  readonly picture: Picture;
}) {
  const t = useWords();
  const now = useNow();
  const hearers = hearersOf(picture.devices, removed);
  const isOpen = hearers.some(({ key }) => removed.notHeard.includes(key));
  return (
    <section aria-label={t.whoHeard} className="who-heard">
      <h3>{t.whoHeard}</h3>
      {hearers.length === 0 ? null : (
        <ul aria-live="polite">
          {hearers.map(({ key, name, lastSeen }) => {
            const hasHeard = !removed.notHeard.includes(key);
            const Icon = hasHeard ? CircleCheck : CircleDashed;
            return (
              <li key={key} data-heard={hasHeard}>
                <Icon size={16} aria-hidden="true" />
                <bdi>
                  {hasHeard ? t.heardYes(visibleText(name)) : t.heardNot(visibleText(name), lastSeen, now)}
                </bdi>
              </li>
            );
          })}
        </ul>
      )}
      <p className="quiet">{isOpen ? t.heardUntil : t.heardAll}</p>
    </section>
  );
}
