import type { GroupEvent, Picture } from '../../app/ipc/contract.ts';
import { useNow } from './use-now.ts';
import { whoOf } from './who-of.ts';
import { useWords } from './words-context.ts';

/** Who came and went, newest first. */
export function GroupEvents(props: { readonly events: readonly GroupEvent[]; readonly picture: Picture }) {
  const t = useWords();
  const { events, picture } = props;
  const now = useNow();
  const who = whoOf(picture, t);
  return (
    <>
      <ol className="timeline">
        {events.map((event) => (
          <li key={event.id} data-kind={event.kind} data-void={!event.counts || undefined}>
            <bdi>{t.event(event, who)}</bdi>
            <span className="quiet">{t.eventAt(event.at, now)}</span>
          </li>
        ))}
      </ol>
      <p className="quiet">{t.clocksNote}</p>
    </>
  );
}
