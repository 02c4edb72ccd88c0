import { useEffect, useRef, useState } from 'react';
import { Button, Label, TextArea, TextField } from 'react-aria-components';
import type { Picture, WindowMethods, WireError } from '../../app/ipc/contract.ts';
import { AskingDevice } from '../components/asking-device.tsx';
import { CopyButton } from '../components/copy-button.tsx';
import { useAttempt, useEngine } from '../components/engine-context.ts';
import { QrCode } from '../components/qr-code.tsx';
import { Sheet } from '../components/sheet.tsx';
import { wallNow } from '../state/clock.ts';
import { errorOf } from '../state/engine-client.ts';
import { sortDevices } from '../state/select.ts';
import { visibleText } from '../text/format.ts';
import { useWords } from '../components/words-context.ts';

type Invitation = WindowMethods['deviceInvite']['gives'] & { readonly until: number };

/** Makes an invitation and takes the answer of who used it. If this founds the group, the main process shows its recovery words. */
export function InviteDialog({
  picture,
  onClose,
}: {
  readonly picture: Picture;
  readonly onClose: () => void;
}) {
  const t = useWords();
  const engine = useEngine();
  const attempt = useAttempt();
  const [invitation, setInvitation] = useState<Invitation>();
  const [error, setError] = useState<WireError>();
  const [knownBefore] = useState(
    () => new Set(picture.devices.filter(({ state }) => state !== 'pending').map(({ key }) => key)),
  );
  const wasAsked = useRef(false);

  useEffect(() => {
    // An invitation is spent by asking: never twice, also where effects run twice.
    if (wasAsked.current) return;
    wasAsked.current = true;
    engine.ask('deviceInvite', undefined).then(
      (made) => setInvitation({ ...made, until: wallNow() + made.expiresInS * 1000 }),
      (failure: unknown) => setError(errorOf(failure)),
    );
  }, [engine]);

  const { asking, members } = sortDevices(picture.devices);
  const joined = members.find(({ key }) => !knownBefore.has(key));

  return (
    <Sheet
      isOpen
      isWide
      title={t.inviteTitle}
      onClose={onClose}
      actions={
        <Button className="button" onPress={onClose}>
          {joined === undefined ? t.close : t.done}
        </Button>
      }
    >
      {joined !== undefined ? (
        <output>{t.inviteJoined(visibleText(joined.name))}</output>
      ) : error !== undefined ? (
        <p role="alert" className="error">
          {t.explainError(error)}
        </p>
      ) : invitation === undefined ? (
        <output>{t.invitePreparing}</output>
      ) : (
        <>
          <p>{t.inviteSteps}</p>
          <div className="invitation">
            <QrCode text={invitation.invitation} label={t.inviteQr} />
            <div className="invitation-text">
              <TextField className="field" isReadOnly value={invitation.invitation}>
                <Label>{t.inviteText}</Label>
                <TextArea className="input key" rows={4} />
              </TextField>
              <CopyButton
                isPrimary
                label={t.inviteCopy}
                text={invitation.invitation}
                copy={(text) => engine.shell('copyText', { text })}
              />
              <p className="quiet">{t.inviteOnce(invitation.until)}</p>
            </div>
          </div>
          {asking.length === 0 ? (
            <output className="quiet">{t.inviteWaiting}</output>
          ) : (
            asking.map((device) => (
              <AskingDevice
                key={device.key}
                device={device}
                onAdd={() => attempt(() => engine.ask('deviceApprove', { device: device.key }))}
                onRefuse={() => attempt(() => engine.ask('deviceRefuse', { device: device.key }))}
              />
            ))
          )}
        </>
      )}
    </Sheet>
  );
}
