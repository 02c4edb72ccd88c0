import { Button } from 'react-aria-components';
import { Sheet } from './sheet.tsx';
import { useWords } from './words-context.ts';

/** Asks before something that is not undone by itself; the safe answer has the focus. */
export function Question(props: {
  readonly title: string;
  readonly body: string;
  readonly confirm: string;
  readonly isDangerous?: boolean;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}) {
  const t = useWords();
  const { title, body, confirm, isDangerous = false, onConfirm, onClose } = props;
  return (
    <Sheet
      isAlert
      isOpen
      title={title}
      onClose={onClose}
      actions={
        <>
          {/* oxlint-disable-next-line jsx-a11y/no-autofocus -- the dialog takes the focus anyway; this says where to */}
          <Button className="button" autoFocus onPress={onClose}>
            {t.cancel}
          </Button>
          <Button
            className="button"
            data-kind={isDangerous ? 'danger' : 'primary'}
            onPress={() => {
              onClose();
              onConfirm();
            }}
          >
            {confirm}
          </Button>
        </>
      }
    >
      <p>{body}</p>
    </Sheet>
  );
}
