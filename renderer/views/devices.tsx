import { Laptop, Monitor } from 'lucide-react';
import { useState } from 'react';
import type { DeviceListing, Picture } from '../../app/ipc/contract.ts';
import { AskingDevice } from '../components/asking-device.tsx';
import { CopyButton } from '../components/copy-button.tsx';
import { DeviceCard } from '../components/device-card.tsx';
import { Empty } from '../components/empty.tsx';
import { useAttempt, useEngine } from '../components/engine-context.ts';
import { GroupEvents } from '../components/group-events.tsx';
import { KeyPlace } from '../components/key-place.tsx';
import { KeyWords } from '../components/key-words.tsx';
import { Shortfalls } from '../components/shortfalls.tsx';
import { useGroupEvents } from '../components/use-group-events.ts';
import { AddDeviceMenu, type WayIn, WaysIn } from '../components/ways-in.tsx';
import { exclusionOf } from '../state/removal.ts';
import { sortDevices } from '../state/select.ts';
import { visibleText } from '../text/format.ts';
import { ChangesDialog } from './changes-dialog.tsx';
import { type DeviceAction, DeviceDialog } from './device-dialog.tsx';
import { RecoverDialog } from './recover-dialog.tsx';
import { RemoveDialog } from './remove-dialog.tsx';
import { RemovedView } from './removed.tsx';
import { WayDialog } from './way-dialog.tsx';
import { useWords } from '../components/words-context.ts';

/** Which dialog is about which device. */
interface Looking {
  readonly key: string;
  readonly at: 'details' | DeviceAction;
}

/** This device, its fellows, who is trusted and why, and the ways for more to come. */
export function DevicesView({ picture }: { readonly picture: Picture }) {
  const t = useWords();
  const engine = useEngine();
  const attempt = useAttempt();
  const [way, setWay] = useState<WayIn>();
  const [looking, setLooking] = useState<Looking>();
  const events = useGroupEvents(picture);
  const { self, asking, members, removed } = sortDevices(picture.devices);
  const exclusion = exclusionOf(picture.devices, events);
  const others = [...members, ...removed];
  const close = (): void => setWay(undefined);
  const look = (key: string): void => setLooking({ key, at: 'details' });
  const cards = (devices: readonly DeviceListing[]) => (
    <ul className="cards">
      {devices.map((device) => (
        <DeviceCard key={device.key} device={device} picture={picture} onOpen={() => look(device.key)} />
      ))}
    </ul>
  );
  return (
    <>
      <div className="screen-head">
        <h1>{t.screens.devices}</h1>
        {members.length === 0 || exclusion !== undefined ? null : <AddDeviceMenu onChoose={setWay} />}
      </div>
      {exclusion === undefined ? null : <RemovedView exclusion={exclusion} picture={picture} />}
      <Shortfalls picture={picture} of={['port', 'discovery']} />
      {way === 'invite'
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
      {members.length > 0 ? (
        <section aria-labelledby="members-title">
          <h2 id="members-title" className="section-title">
            {t.yourDevices}
          </h2>
          {cards(members)}
        </section>
      ) : exclusion === undefined ? (
        <Empty icon={<Monitor size={40} strokeWidth={1.4} />} title={t.noDevicesTitle} body={t.noDevicesBody}>
          <WaysIn onChoose={setWay} />
        </Empty>
      ) : null}
      {removed.length === 0 ? null : (
        <section aria-labelledby="removed-title">
          <h2 id="removed-title" className="section-title">
            {t.removedDevices}
          </h2>
          {cards(removed)}
        </section>
      )}
      {others.length === 0 || events.length === 0 ? null : (
        <section aria-labelledby="timeline-title">
          <h2 id="timeline-title" className="section-title">
            {t.timelineTitle}
          </h2>
          <GroupEvents events={events} picture={picture} />
        </section>
      )}
      {way === undefined || self === undefined ? null : (
        <WayDialog way={way} self={self} picture={picture} onChoose={setWay} onClose={close} />
      )}
      <LookingDialog
        looking={looking}
        device={others.find(({ key }) => key === looking?.key)}
        picture={picture}
        onLook={setLooking}
      />
    </>
  );
}

function LookingDialog(props: {
  readonly looking: Looking | undefined;
  readonly device: DeviceListing | undefined;
  readonly picture: Picture;
  readonly onLook: (looking: Looking | undefined) => void;
}) {
  const { looking, device, picture, onLook } = props;
  if (looking === undefined || device === undefined) return null;
  const close = (): void => onLook(undefined);
  const shown = { device, picture, onClose: close };
  switch (looking.at) {
    case 'details':
      return <DeviceDialog {...shown} onAction={(at) => onLook({ key: device.key, at })} />;
    case 'remove':
      return <RemoveDialog {...shown} />;
    case 'changes':
      return <ChangesDialog {...shown} />;
    case 'recover':
      return <RecoverDialog picture={picture} without={[device.key]} onClose={close} />;
  }
}

function ThisDevice({ device }: { readonly device: DeviceListing }) {
  const t = useWords();
  const engine = useEngine();
  return (
    <section className="card this-device" aria-label={t.thisDevice}>
      <div className="device-head">
        <Laptop className="folder-icon" size={22} aria-hidden="true" />
        <div className="device-name">
          <h2>
            <bdi>{visibleText(device.name)}</bdi>
          </h2>
          <p className="quiet">{t.thisDevice}</p>
        </div>
        <KeyPlace place={device.keyStorage} />
      </div>
      {device.alarms.map((alarm) => (
        <p key={alarm} className="device-warning">
          {t.alarm(alarm)}
        </p>
      ))}
      <dl className="facts">
        <dt>{t.keyWords}</dt>
        <dd>
          <KeyWords words={device.words} label={t.keyWords} />
          <p className="quiet">{t.keyWordsHelp}</p>
        </dd>
        <dt>{t.deviceKey}</dt>
        <dd className="key-line">
          <code className="key">{device.key}</code>
          <CopyButton
            label={t.copyKey}
            text={device.key}
            copy={(text) => engine.shell('copyText', { text })}
          />
        </dd>
      </dl>
    </section>
  );
}
