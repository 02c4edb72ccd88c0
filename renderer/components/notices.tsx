import { Undo2, X } from 'lucide-react';
import { Button } from 'react-aria-components';
import type { Done, Notice } from '../state/view-state.ts';
import { en, explainError } from '../text/en.ts';
import { useUndo } from './use-undo.ts';

/** Messages in passing, each with a way to be rid of it; what was done can be taken back there. */
export function Notices(props: {
  readonly notices: readonly Notice[];
  readonly onDismiss: (id: number) => void;
}) {
  const { notices, onDismiss } = props;
  const undo = useUndo();
  return (
    <section className="notices" aria-label={en.noticesLabel} aria-live="polite">
      {notices.map((notice) => (
        <div key={notice.id} className="notice" data-kind={notice.kind}>
          <p role={notice.kind === 'refused' ? 'alert' : undefined}>
            {notice.kind === 'refused' ? explainError(notice.error) : sayDone(notice.done)}
          </p>
          {notice.kind === 'done' && notice.done.undo.length > 0 ? (
            <Button
              className="button"
              onPress={() => {
                onDismiss(notice.id);
                undo(notice.done.undo);
              }}
            >
              <Undo2 size={15} aria-hidden="true" />
              {en.undo}
            </Button>
          ) : null}
          <Button className="icon-button" aria-label={en.dismiss} onPress={() => onDismiss(notice.id)}>
            <X size={16} aria-hidden="true" />
          </Button>
        </div>
      ))}
    </section>
  );
}

function sayDone(done: Done): string {
  switch (done.what) {
    case 'resolved':
      return en.resolvedNotice(done.count, done.added);
    case 'restored':
      return en.restoredNotice(done.count, done.missing);
    case 'undone':
      return en.undoneNotice(done.missing);
    case 'answered':
      return done.answer === 'apply' ? en.answeredApply : en.answeredUndo;
  }
}
