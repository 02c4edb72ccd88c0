import type { GroupEvent, Picture } from '../../app/ipc/contract.ts';
import { en } from '../text/en.ts';
import { useNow } from './use-now.ts';
import { whoOf } from './who-of.ts';

/** Who came and went, newest first. */
export function GroupEvents(props: { readonly events: readonly GroupEvent[]; readonly picture: Picture }) {
  const { events, picture } = props;
  const now = useNow();
  const who = whoOf(picture);
  return (
    <>
      <ol className="timeline">
        {events.map((event) => (
          <li key={event.id} data-kind={event.kind} data-void={!event.counts || undefined}>
            <bdi>{en.event(event, who)}</bdi>
            <span className="quiet">{en.eventAt(event.at, now)}</span>
          </li>
        ))}
      </ol>
      <p className="quiet">{en.clocksNote}</p>
    </>
  );
}
