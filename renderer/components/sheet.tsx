import type { ReactNode } from 'react';
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';

/** A dialog over the window. Esc and a press beside it close it, unless `isFirm`. */
export function Sheet(props: {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly isFirm?: boolean;
  readonly isWide?: boolean;
  /** As wide as the window lets it be and as high as it needs, with its actions always in sight. */
  readonly isFull?: boolean;
  readonly isAlert?: boolean;
  readonly children: ReactNode;
  readonly actions: ReactNode;
}) {
  const {
    title,
    isOpen,
    onClose,
    isFirm = false,
    isWide = false,
    isFull = false,
    isAlert = false,
    children,
    actions,
  } = props;
  return (
    <ModalOverlay
      className="sheet-overlay"
      isOpen={isOpen}
      isDismissable={!isFirm && !isAlert}
      isKeyboardDismissDisabled={isFirm}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
    >
      <Modal className="sheet" data-wide={isWide || undefined} data-full={isFull || undefined}>
        <Dialog role={isAlert ? 'alertdialog' : 'dialog'} className="sheet-dialog">
          <Heading slot="title" className="sheet-title">
            {title}
          </Heading>
          <div className="sheet-body">{children}</div>
          <div className="sheet-actions">{actions}</div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
