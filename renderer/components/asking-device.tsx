import { Button } from 'react-aria-components';
import type { DeviceListing } from '../../app/ipc/contract.ts';
import { visibleText } from '../text/format.ts';
import { KeyWords } from './key-words.tsx';
import { useWords } from './words-context.ts';

/** A device that used an invitation and waits for a person's answer. */
export function AskingDevice(props: {
  readonly device: DeviceListing;
  readonly onAdd: () => void;
  readonly onRefuse: () => void;
}) {
  const t = useWords();
  const { device, onAdd, onRefuse } = props;
  const title = t.askingTitle(visibleText(device.name));
  return (
    <section className="asking" aria-label={title}>
      <h3>
        <bdi>{title}</bdi>
      </h3>
      <p>{t.askingBody}</p>
      <KeyWords words={device.words} label={t.keyWords} />
      <div className="asking-actions">
        <Button className="button" onPress={onRefuse}>
          {t.notMine}
        </Button>
        <Button className="button" data-kind="primary" onPress={onAdd}>
          {t.add}
        </Button>
      </div>
    </section>
  );
}
