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
import { en } from '../text/en.ts';
import { readableAddress, visibleText } from '../text/format.ts';

/** What a person can go on to from a device. */
export type DeviceAction = 'remove' | 'changes' | 'recover';

/** All that is known of one other device, and why it is trusted or not. */
export function DeviceDialog(props: {
  readonly device: DeviceListing;
  readonly picture: Picture;
  readonly onAction: (action: DeviceAction) => void;
  readonly onClose: () => void;
}) {
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
      title={en.deviceTitle(visibleText(device.name))}
      onClose={onClose}
      actions={
        <>
          <Button className="button actions-first" onPress={() => onAction('changes')}>
            {en.reviewChanges}
          </Button>
          {isRemoved ? null : (
            <Button className="button" data-kind="danger" onPress={() => onAction('remove')}>
              {en.removeDevice}
            </Button>
          )}
          {isSuspended ? (
            <Button
              className="button"
              onPress={() => attempt(() => engine.ask('deviceApprove', { device: device.key }))}
            >
              {en.letInAgain}
            </Button>
          ) : null}
          <Button className="button" data-kind="primary" onPress={onClose}>
            {en.close}
          </Button>
        </>
      }
    >
      {device.alarms.map((alarm) => (
        <p key={alarm} className="error device-alarm" role="alert">
          <TriangleAlert size={16} aria-hidden="true" />
          {en.alarm(alarm)}
        </p>
      ))}
      {isSuspended ? <p className="error">{en.suspendedBody}</p> : null}
      {isRemoved ? <WhoHeard removed={device} picture={picture} /> : null}
      <Facts device={device} picture={picture} />
      {isRemoved ? null : <Rename key={device.name} device={device} />}
      {events.length === 0 ? null : (
        <section>
          <h3 className="section-title">{en.timeline}</h3>
          <GroupEvents events={events} picture={picture} />
        </section>
      )}
      {isRemoved && picture.group.recovery ? (
        <section className="recovery-entry">
          <p className="quiet">{en.recoveryEntryBody}</p>
          <Button className="button" onPress={() => onAction('recover')}>
            {en.recoveryEntry}
          </Button>
        </section>
      ) : null}
    </Sheet>
  );
}

function Facts({ device, picture }: { readonly device: DeviceListing; readonly picture: Picture }) {
  const engine = useEngine();
  const now = useNow();
  const who = whoOf(picture);
  const peer = picture.status.peers.find(({ key }) => key === device.key);
  const held = picture.folders.filter(({ holders }) => holders.some(({ key }) => key === device.key));
  const unheard = unheardBy(picture.devices, device.key);
  const isMember = device.state === 'connected' || device.state === 'offline';
  return (
    <dl className="facts device-facts-list">
      <dt>{en.keyWords}</dt>
      <dd>
        <KeyWords words={device.words} label={en.keyWords} />
      </dd>
      <dt>{en.deviceKey}</dt>
      <dd className="key-line">
        <code className="key">{device.key}</code>
        <CopyButton
          label={en.copyKey}
          text={device.key}
          copy={(text) => engine.shell('copyText', { text })}
        />
      </dd>
      <dt>{en.howPaired}</dt>
      <dd>
        <bdi>
          {device.method === null
            ? en.pairedUnknown
            : en.pairedBy(device.method, device.addedBy === null ? undefined : who(device.addedBy))}
        </bdi>
      </dd>
      <dt>{en.connection}</dt>
      <dd>
        {peer?.state === 'connected'
          ? en.connectedVia(readableAddress(peer.address ?? ''))
          : `${en.notConnected} ${device.lastSeen === null ? en.neverSeen : en.lastSeen(device.lastSeen, now)}.`}
      </dd>
      {isMember ? (
        <>
          <dt>{en.removals}</dt>
          <dd>
            <bdi>
              {unheard.length === 0
                ? en.knowsRemovals
                : en.missesRemovals(unheard.map(({ name }) => visibleText(name)))}
            </bdi>
          </dd>
          <dt>{en.holds}</dt>
          <dd>
            <bdi>
              {held.length === 0 ? en.holdsNone : en.format.list(held.map(({ name }) => visibleText(name)))}
            </bdi>
          </dd>
        </>
      ) : null}
    </dl>
  );
}

function Rename({ device }: { readonly device: DeviceListing }) {
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
        <Label>{en.renameField}</Label>
        <Input className="input" />
      </TextField>
      <Button type="submit" className="button" isDisabled={name.trim() === '' || name.trim() === device.name}>
        {en.renameSave}
      </Button>
    </Form>
  );
}
