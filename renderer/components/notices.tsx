import { Undo2, X } from 'lucide-react';
import { Button } from 'react-aria-components';
import type { Done, Notice } from '../state/view-state.ts';
import type { Words } from '../text/words.ts';
import { useUndo } from './use-undo.ts';
import { useWords } from './words-context.ts';

/** Messages in passing, each with a way to be rid of it; what was done can be taken back there. */
export function Notices(props: {
  readonly notices: readonly Notice[];
  readonly onDismiss: (id: number) => void;
}) {
  const t = useWords();
  const { notices, onDismiss } = props;
  const undo = useUndo();
  return (
    <section
      className="notices"
      aria-label={t.noticesLabel}
      aria-live="polite"
      data-region={notices.length === 0 ? undefined : 'notices'}
    >
      {notices.map((notice) => (
        <div key={notice.id} className="notice" data-kind={notice.kind}>
          <p role={notice.kind === 'refused' ? 'alert' : undefined}>
            {notice.kind === 'refused' ? t.explainError(notice.error) : sayDone(notice.done, t)}
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
              {t.undo}
            </Button>
          ) : null}
          <Button className="icon-button" aria-label={t.dismiss} onPress={() => onDismiss(notice.id)}>
            <X size={16} aria-hidden="true" />
          </Button>
        </div>
      ))}
    </section>
  );
}

function sayDone(done: Done, t: Words): string {
  switch (done.what) {
    case 'resolved':
      return t.resolvedNotice(done.count, done.added);
    case 'restored':
      return t.restoredNotice(done.count, done.missing);
    case 'undone':
      return t.undoneNotice(done.missing);
    case 'answered':
      return done.answer === 'apply' ? t.answeredApply : t.answeredUndo;
  }
}
