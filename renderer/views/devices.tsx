import { Laptop, LogIn, Monitor, UserRoundPlus } from 'lucide-react';
import { useState } from 'react';
import { Button } from 'react-aria-components';
import type { DeviceListing, Picture } from '../../app/ipc/contract.ts';
import { AskingDevice } from '../components/asking-device.tsx';
import { CopyButton } from '../components/copy-button.tsx';
import { Empty } from '../components/empty.tsx';
import { useAttempt, useEngine } from '../components/engine-context.ts';
import { KeyPlace } from '../components/key-place.tsx';
import { KeyWords } from '../components/key-words.tsx';
import { StateIcon } from '../components/state-icon.tsx';
import { useNow } from '../components/use-now.ts';
import { sortDevices } from '../state/select.ts';
import { en } from '../text/en.ts';
import { readableAddress, visibleText } from '../text/format.ts';
import { InviteDialog } from './invite-dialog.tsx';
import { JoinDialog } from './join-dialog.tsx';

/** This device, its fellows, and the ways for more to come. */
export function DevicesView({ picture }: { readonly picture: Picture }) {
  const engine = useEngine();
  const attempt = useAttempt();
  const [dialog, setDialog] = useState<'invite' | 'join'>();
  const { self, asking, members, removed } = sortDevices(picture.devices);
  const close = (): void => setDialog(undefined);

  const invite = (
    <Button className="button" data-kind="primary" onPress={() => setDialog('invite')}>
      <UserRoundPlus size={16} aria-hidden="true" />
      {en.invite}
    </Button>
  );
  const join = (
    <Button className="button" onPress={() => setDialog('join')}>
      <LogIn size={16} aria-hidden="true" />
      {en.join}
    </Button>
  );
  return (
    <>
      <div className="screen-head">
        <h1>{en.screens.devices}</h1>
        {members.length === 0 ? null : invite}
      </div>
      {dialog === 'invite'
        ? null
        : asking.map((device) => (
            <AskingDevice
              key={device.key}
              device={device}
              onAdd={() => attempt(() => engine.ask('deviceApprove', { device: device.key }))}
              onRefuse={() => attempt(() => engine.ask('deviceRefuse', { device: device.key }))}
            />
          ))}
      {self === undefined ? null : <ThisDevice device={self} />}
      {members.length === 0 ? (
        <Empty
          icon={<Monitor size={40} strokeWidth={1.4} />}
          title={en.noDevicesTitle}
          body={en.noDevicesBody}
        >
          {invite}
          {join}
        </Empty>
      ) : (
        <section aria-labelledby="members-title">
          <h2 id="members-title" className="section-title">
            {en.yourDevices}
          </h2>
          <ul className="cards">
            {members.map((device) => (
              <Member key={device.key} device={device} picture={picture} />
            ))}
          </ul>
        </section>
      )}
      {removed.length === 0 ? null : (
        <section aria-labelledby="removed-title">
          <h2 id="removed-title" className="section-title">
            {en.removedDevices}
          </h2>
          <ul className="cards">
            {removed.map((device) => (
              <Member key={device.key} device={device} picture={picture} />
            ))}
          </ul>
        </section>
      )}
      {dialog === 'invite' ? <InviteDialog picture={picture} onClose={close} /> : null}
      {dialog === 'join' && self !== undefined ? <JoinDialog self={self} onClose={close} /> : null}
    </>
  );
}

function ThisDevice({ device }: { readonly device: DeviceListing }) {
  const engine = useEngine();
  return (
    <section className="card this-device" aria-label={en.thisDevice}>
      <div className="device-head">
        <Laptop className="folder-icon" size={22} aria-hidden="true" />
        <div className="device-name">
          <h2>
            <bdi>{visibleText(device.name)}</bdi>
          </h2>
          <p className="quiet">{en.thisDevice}</p>
        </div>
        <KeyPlace place={device.keyStorage} />
      </div>
      <dl className="facts">
        <dt>{en.keyWords}</dt>
        <dd>
          <KeyWords words={device.words} label={en.keyWords} />
          <p className="quiet">{en.keyWordsHelp}</p>
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
      </dl>
    </section>
  );
}

function Member({ device, picture }: { readonly device: DeviceListing; readonly picture: Picture }) {
  const now = useNow();
  const peer = picture.status.peers.find(({ key }) => key === device.key);
  const isConnected = device.state === 'connected';
  const seen = device.lastSeen === null ? en.neverSeen : en.lastSeen(device.lastSeen, now);
  const facts = isConnected
    ? [
        readableAddress(peer?.address ?? device.addresses[0] ?? ''),
        ...(peer?.rttMs === undefined || peer.rttMs === null ? [] : [en.latency(peer.rttMs)]),
        ...(peer !== undefined && peer.sendBps > 0 ? [en.sending(peer.sendBps)] : []),
        ...(peer !== undefined && peer.receiveBps > 0 ? [en.receiving(peer.receiveBps)] : []),
      ]
    : [seen, ...device.addresses.slice(0, 1).map(readableAddress)];
  return (
    <li className="card device" aria-label={visibleText(device.name)}>
      <div className="device-head">
        <Monitor className="folder-icon" size={22} aria-hidden="true" />
        <div className="device-name">
          <h3>
            <bdi>{visibleText(device.name)}</bdi>
          </h3>
          <p className="quiet device-facts">{facts.filter((fact) => fact !== '').join(' · ')}</p>
          <p className="quiet device-words">{device.words}</p>
        </div>
        {device.state === 'revoked' ? null : <KeyPlace place={device.keyStorage} />}
        <p className="chip" data-state={isConnected ? 'idle' : 'offline'}>
          <StateIcon state={isConnected ? 'idle' : 'offline'} size={14} />
          {en.deviceState[device.state]}
        </p>
      </div>
    </li>
  );
}
