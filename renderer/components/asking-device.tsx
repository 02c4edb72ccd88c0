import { Button } from 'react-aria-components';
import type { DeviceListing } from '../../app/ipc/contract.ts';
import { en } from '../text/en.ts';
import { visibleText } from '../text/format.ts';
import { KeyWords } from './key-words.tsx';

/** A device that used an invitation and waits for a person's answer. */
export function AskingDevice(props: {
  readonly device: DeviceListing;
  readonly onAdd: () => void;
  readonly onRefuse: () => void;
}) {
  const { device, onAdd, onRefuse } = props;
  const title = en.askingTitle(visibleText(device.name));
  return (
    <section className="asking" aria-label={title}>
      <h3>
        <bdi>{title}</bdi>
      </h3>
      <p>{en.askingBody}</p>
      <KeyWords words={device.words} label={en.keyWords} />
      <div className="asking-actions">
        <Button className="button" onPress={onRefuse}>
          {en.notMine}
        </Button>
        <Button className="button" data-kind="primary" onPress={onAdd}>
          {en.add}
        </Button>
      </div>
    </section>
  );
}
