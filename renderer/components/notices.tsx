import { X } from 'lucide-react';
import { Button } from 'react-aria-components';
import type { Notice } from '../state/view-state.ts';
import { en, explainError } from '../text/en.ts';

/** Messages in passing, each with a way to be rid of it. */
export function Notices(props: {
  readonly notices: readonly Notice[];
  readonly onDismiss: (id: number) => void;
}) {
  const { notices, onDismiss } = props;
  return (
    <section className="notices" aria-label={en.noticesLabel} aria-live="assertive">
      {notices.map((notice) => (
        <div key={notice.id} className="notice">
          <p>{explainError(notice.error)}</p>
          <Button className="icon-button" aria-label={en.dismiss} onPress={() => onDismiss(notice.id)}>
            <X size={16} aria-hidden="true" />
          </Button>
        </div>
      ))}
    </section>
  );
}
