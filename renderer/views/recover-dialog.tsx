import { useState } from 'react';
import { Button, Checkbox, CheckboxGroup } from 'react-aria-components';
import type { Picture } from '../../app/ipc/contract.ts';
import { useAttempt, useEngine } from '../components/engine-context.ts';
import { Sheet } from '../components/sheet.tsx';
import { visibleText } from '../text/format.ts';
import { useWords } from '../components/words-context.ts';

/** Which devices belong together from now on; the recovery words are asked for by the main process. */
export function RecoverDialog(props: {
  readonly picture: Picture;
  /** Those that are not marked at first. */
  readonly without: readonly string[];
  readonly onClose: () => void;
}) {
  const t = useWords();
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
      title={t.recoverPickTitle}
      onClose={onClose}
      actions={
        <>
          <Button className="button" onPress={onClose}>
            {t.cancel}
          </Button>
          <Button className="button" data-kind="primary" onPress={decide}>
            {t.recoverPickGo}
          </Button>
        </>
      }
    >
      <p>{t.recoverPickBody}</p>
      <CheckboxGroup className="checks" aria-label={t.recoverPickLabel} value={[...keep]} onChange={setKeep}>
        {devices.map(({ key, name, state }) => (
          <Checkbox key={key} value={key} className="checkbox" isDisabled={state === 'self'}>
            <span className="checkbox-box" aria-hidden="true" />
            <bdi>{state === 'self' ? t.thisOne(visibleText(name)) : visibleText(name)}</bdi>
          </Checkbox>
        ))}
      </CheckboxGroup>
    </Sheet>
  );
}
