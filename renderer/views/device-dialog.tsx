import { TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { Button, Form, Input, Label, TextField } from 'react-aria-components';
import type { DeviceListing, Picture } from '../../app/ipc/contract.ts';
import { CopyButton } from '../components/copy-button.tsx';
import { useAttempt, useEngine } from '../components/engine-context.ts';
import { GroupEvents } from '../components/group-events.tsx';
import { KeyWords } from '../components/key-words.tsx';
import { Sheet } from '../components/sheet.tsx';
import { useGroupEvents } from '../components/use-group-events.ts';
import { useNow } from '../components/use-now.ts';
import { WhoHeard } from '../components/who-heard.tsx';
import { whoOf } from '../components/who-of.ts';
import { eventsOf, unheardBy } from '../state/removal.ts';
import { readableAddress, visibleText } from '../text/format.ts';
import { useWords } from '../components/words-context.ts';

/** What a person can go on to from a device. */
export type DeviceAction = 'remove' | 'changes' | 'recover';

/** All that is known of one other device, and why it is trusted or not. */
export function DeviceDialog(props: {
  readonly device: DeviceListing;
  readonly picture: Picture;
  readonly onAction: (action: DeviceAction) => void;
  readonly onClose: () => void;
}) {
  const t = useWords();
  const { device, picture, onAction, onClose } = props;
  const engine = useEngine();
  const attempt = useAttempt();
  const events = eventsOf(useGroupEvents(picture), device.key);
  const isRemoved = device.state === 'revoked';
  const isSuspended = device.state === 'suspended';
  return (
    <Sheet
      isOpen
      isFull
      title={t.deviceTitle(visibleText(device.name))}
      onClose={onClose}
      actions={
        <>
          <Button className="button actions-first" onPress={() => onAction('changes')}>
            {t.reviewChanges}
          </Button>
          {isRemoved ? null : (
            <Button className="button" data-kind="danger" onPress={() => onAction('remove')}>
              {t.removeDevice}
            </Button>
          )}
          {isSuspended ? (
            <Button
              className="button"
              onPress={() => attempt(() => engine.ask('deviceApprove', { device: device.key }))}
            >
              {t.letInAgain}
            </Button>
          ) : null}
          <Button className="button" data-kind="primary" onPress={onClose}>
            {t.close}
          </Button>
        </>
      }
    >
      {device.alarms.map((alarm) => (
        <p key={alarm} className="error device-alarm" role="alert">
          <TriangleAlert size={16} aria-hidden="true" />
          {t.alarm(alarm)}
        </p>
      ))}
      {isSuspended ? <p className="error">{t.suspendedBody}</p> : null}
      {isRemoved ? <WhoHeard removed={device} picture={picture} /> : null}
      <Facts device={device} picture={picture} />
      {isRemoved ? null : <Rename key={device.name} device={device} />}
      {events.length === 0 ? null : (
        <section>
          <h3 className="section-title">{t.timeline}</h3>
          <GroupEvents events={events} picture={picture} />
        </section>
      )}
      {isRemoved && picture.group.recovery ? (
        <section className="recovery-entry">
          <p className="quiet">{t.recoveryEntryBody}</p>
          <Button className="button" onPress={() => onAction('recover')}>
            {t.recoveryEntry}
          </Button>
        </section>
      ) : null}
    </Sheet>
  );
}

function Facts({ device, picture }: { readonly device: DeviceListing; readonly picture: Picture }) {
  const t = useWords();
  const engine = useEngine();
  const now = useNow();
  const who = whoOf(picture, t);
  const peer = picture.status.peers.find(({ key }) => key === device.key);
  const held = picture.folders.filter(({ holders }) => holders.some(({ key }) => key === device.key));
  const unheard = unheardBy(picture.devices, device.key);
  const isMember = device.state === 'connected' || device.state === 'offline';
  return (
    <dl className="facts device-facts-list">
      <dt>{t.keyWords}</dt>
      <dd>
        <KeyWords words={device.words} label={t.keyWords} />
      </dd>
      <dt>{t.deviceKey}</dt>
      <dd className="key-line">
        <code className="key">{device.key}</code>
        <CopyButton label={t.copyKey} text={device.key} copy={(text) => engine.shell('copyText', { text })} />
      </dd>
      <dt>{t.howPaired}</dt>
      <dd>
        <bdi>
          {device.method === null
            ? t.pairedUnknown
            : t.pairedBy(device.method, device.addedBy === null ? undefined : who(device.addedBy))}
        </bdi>
      </dd>
      <dt>{t.connection}</dt>
      <dd>
        {peer?.state === 'connected'
          ? t.connectedVia(readableAddress(peer.address ?? ''))
          : `${t.notConnected} ${device.lastSeen === null ? t.neverSeen : t.lastSeen(device.lastSeen, now)}.`}
      </dd>
      {isMember ? (
        <>
          <dt>{t.removals}</dt>
          <dd>
            <bdi>
              {unheard.length === 0
                ? t.knowsRemovals
                : t.missesRemovals(unheard.map(({ name }) => visibleText(name)))}
            </bdi>
          </dd>
          <dt>{t.holds}</dt>
          <dd>
            <bdi>
              {held.length === 0 ? t.holdsNone : t.format.list(held.map(({ name }) => visibleText(name)))}
            </bdi>
          </dd>
        </>
      ) : null}
    </dl>
  );
}

function Rename({ device }: { readonly device: DeviceListing }) {
  const t = useWords();
  const engine = useEngine();
  const attempt = useAttempt();
  const [name, setName] = useState(device.name);
  return (
    <Form
      className="rename"
      onSubmit={(event) => {
        event.preventDefault();
        attempt(() => engine.ask('deviceRename', { device: device.key, name }));
      }}
    >
      <TextField className="field" value={name} onChange={setName} maxLength={64}>
        <Label>{t.renameField}</Label>
        <Input className="input" />
      </TextField>
      <Button type="submit" className="button" isDisabled={name.trim() === '' || name.trim() === device.name}>
        {t.renameSave}
      </Button>
    </Form>
  );
}
