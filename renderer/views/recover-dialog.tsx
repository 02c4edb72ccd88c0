import { useState } from 'react';
import { Button, Checkbox, CheckboxGroup } from 'react-aria-components';
import type { Picture } from '../../app/ipc/contract.ts';
import { useAttempt, useEngine } from '../components/engine-context.ts';
import { Sheet } from '../components/sheet.tsx';
import { en } from '../text/en.ts';
import { visibleText } from '../text/format.ts';

/** Which devices belong together from now on; the recovery words are asked for by the main process. */
export function RecoverDialog(props: {
  readonly picture: Picture;
  /** Those that are not marked at first. */
  readonly without: readonly string[];
  readonly onClose: () => void;
}) {
  const { picture, without, onClose } = props;
  const engine = useEngine();
  const attempt = useAttempt();
  const devices = picture.devices.filter(({ state }) => state !== 'pending');
  const [keep, setKeep] = useState<readonly string[]>(() =>
    devices
      .filter(({ key, state }) => state === 'self' || (state !== 'revoked' && !without.includes(key)))
      .map(({ key }) => key),
  );
  const decide = (): void =>
    attempt(async () => {
      if ((await engine.shell('recover', { keep })) !== null) onClose();
    });
  return (
    <Sheet
      isOpen
      isWide
      title={en.recoverPickTitle}
      onClose={onClose}
      actions={
        <>
          <Button className="button" onPress={onClose}>
            {en.cancel}
          </Button>
          <Button className="button" data-kind="primary" onPress={decide}>
            {en.recoverPickGo}
          </Button>
        </>
      }
    >
      <p>{en.recoverPickBody}</p>
      <CheckboxGroup className="checks" aria-label={en.recoverPickLabel} value={[...keep]} onChange={setKeep}>
        {devices.map(({ key, name, state }) => (
          <Checkbox key={key} value={key} className="checkbox" isDisabled={state === 'self'}>
            <span className="checkbox-box" aria-hidden="true" />
            <bdi>{state === 'self' ? en.thisOne(visibleText(name)) : visibleText(name)}</bdi>
          </Checkbox>
        ))}
      </CheckboxGroup>
    </Sheet>
  );
}
