import { useState } from 'react';
import { Button, Form, Label, TextArea, TextField } from 'react-aria-components';
import type { DeviceListing, Picture, WireError } from '../../app/ipc/contract.ts';
import { CopyButton } from '../components/copy-button.tsx';
import { useEngine } from '../components/engine-context.ts';
import { Sheet } from '../components/sheet.tsx';
import { errorOf } from '../state/engine-client.ts';
import { sortDevices } from '../state/select.ts';
import { visibleText } from '../text/format.ts';
import { useWords } from '../components/words-context.ts';

/** Pairs by the keys of both devices, each typed on the other. */
export function KeyDialog(props: {
  readonly self: DeviceListing;
  readonly picture: Picture;
  readonly onClose: () => void;
}) {
  const t = useWords();
  const { self, picture, onClose } = props;
  const engine = useEngine();
  const [text, setText] = useState('');
  const [expiresInS, setExpiresInS] = useState<number>();
  const [error, setError] = useState<WireError>();
  const { members } = sortDevices(picture.devices);
  const [knownBefore] = useState(() => new Set(members.map(({ key }) => key)));
  const joined = members.find(({ key }) => !knownBefore.has(key));

  const allow = (): void => {
    engine.ask('deviceAllow', { device: text.trim() }).then(
      (allowed) => {
        setError(undefined);
        setExpiresInS(allowed.expiresInS);
      },
      (failure: unknown) => setError(errorOf(failure)),
    );
  };
  return (
    <Sheet
      isOpen
      isWide
      title={t.keyTitle}
      onClose={onClose}
      actions={
        <Button className="button" onPress={onClose}>
          {joined === undefined ? t.close : t.done}
        </Button>
      }
    >
      <p>{t.keyBody}</p>
      <div className="own-key">
        <h3 className="section-title">{t.keyOwn}</h3>
        <p className="key-line">
          <code className="key">{self.key}</code>
          <CopyButton
            label={t.copyKey}
            text={self.key}
            copy={(key) => engine.shell('copyText', { text: key })}
          />
        </p>
      </div>
      {joined !== undefined ? (
        <output>{t.inviteJoined(visibleText(joined.name))}</output>
      ) : expiresInS !== undefined ? (
        <>
          <p>{t.keyAllowed(expiresInS)}</p>
          <output className="quiet">{t.keyWaiting}</output>
        </>
      ) : (
        <Form
          className="key-form"
          onSubmit={(event) => {
            event.preventDefault();
            allow();
          }}
        >
          {/* oxlint-disable-next-line jsx-a11y/no-autofocus -- the dialog takes the focus anyway; this says where to */}
          <TextField className="field" value={text} onChange={setText} autoFocus>
            <Label>{t.keyField}</Label>
            <TextArea className="input key" rows={3} spellCheck={false} autoComplete="off" />
          </TextField>
          {error === undefined ? null : (
            <p role="alert" className="error">
              {t.explainError(error)}
            </p>
          )}
          <Button type="submit" className="button" data-kind="primary" isDisabled={text.trim() === ''}>
            {t.keyAllow}
          </Button>
        </Form>
      )}
    </Sheet>
  );
}
