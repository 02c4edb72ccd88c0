import { Monitor, TriangleAlert } from 'lucide-react';
import { Button } from 'react-aria-components';
import type { DeviceListing, Picture } from '../../app/ipc/contract.ts';
import { unheardBy } from '../state/removal.ts';
import { readableAddress, visibleText } from '../text/format.ts';
import type { Words } from '../text/words.ts';
import { KeyPlace } from './key-place.tsx';
import { type IconState, StateIcon } from './state-icon.tsx';
import { useNow } from './use-now.ts';
import { useWords } from './words-context.ts';

/** LIMIT: slower than this the two only tell each other that they are there, bytes per second. */
const movingBps = 1_000;

/** Another device in a line or two, and the way to all that is known of it. */
export function DeviceCard(props: {
  readonly device: DeviceListing;
  readonly picture: Picture;
  readonly onOpen: () => void;
}) {
  const t = useWords();
  const { device, picture, onOpen } = props;
  const now = useNow();
  const name = visibleText(device.name);
  const unheard = unheardBy(picture.devices, device.key);
  return (
    <li className="card device" aria-label={name}>
      <div className="device-head">
        <Monitor className="folder-icon" size={22} aria-hidden="true" />
        <div className="device-name">
          <h3>
            <bdi>{name}</bdi>
          </h3>
          <p className="quiet device-facts">{factsOf(device, picture, { now, t }).join(' · ')}</p>
          <p className="quiet device-words">{device.words}</p>
        </div>
        {device.state === 'revoked' ? null : <KeyPlace place={device.keyStorage} />}
        <p className="chip" data-state={iconOf(device)}>
          <StateIcon state={iconOf(device)} size={14} />
          {device.state === 'revoked' ? t.removedChip(device.notHeard.length) : t.deviceState[device.state]}
        </p>
        <Button className="button" aria-label={t.detailsOf(name)} onPress={onOpen}>
          {t.details}
        </Button>
      </div>
      {device.alarms.map((alarm) => (
        <p key={alarm} className="device-warning">
          <TriangleAlert size={15} aria-hidden="true" />
          {t.alarm(alarm)}
        </p>
      ))}
      {unheard.length === 0 ? null : (
        <p className="device-warning">
          <TriangleAlert size={15} aria-hidden="true" />
          <bdi>{t.missesRemovals(unheard.map((removed) => visibleText(removed.name)))}</bdi>
        </p>
      )}
    </li>
  );
}

function iconOf({ state, notHeard }: DeviceListing): IconState {
  if (state === 'connected') return 'idle';
  return state === 'suspended' || (state === 'revoked' && notHeard.length > 0) ? 'attention' : 'offline';
}

function factsOf(
  device: DeviceListing,
  picture: Picture,
  { now, t }: { readonly now: number; readonly t: Words },
): readonly string[] {
  const peer = picture.status.peers.find(({ key }) => key === device.key);
  const seen = device.lastSeen === null ? t.neverSeen : t.lastSeen(device.lastSeen, now);
  const facts =
    device.state === 'connected'
      ? [
          readableAddress(peer?.address ?? device.addresses[0] ?? ''),
          ...(peer?.rttMs === undefined || peer.rttMs === null ? [] : [t.latency(peer.rttMs)]),
          ...(peer !== undefined && peer.sendBps >= movingBps ? [t.sending(peer.sendBps)] : []),
          ...(peer !== undefined && peer.receiveBps >= movingBps ? [t.receiving(peer.receiveBps)] : []),
        ]
      : [seen, ...device.addresses.slice(0, 1).map(readableAddress)];
  return facts.filter((fact) => fact !== '');
}
