import { MonitorSmartphone } from 'lucide-react';
import type { DeviceListing, NearbyDevice } from '../../app/ipc/contract.ts';
import { Button } from 'react-aria-components';
import { KeyWords } from '../components/key-words.tsx';
import { PairStepView } from '../components/pair-step.tsx';
import { Sheet } from '../components/sheet.tsx';
import { isUnverified, useNearby, usePairing } from '../components/use-pairing.ts';
import { type WayIn, wayLabels } from '../components/ways-in.tsx';
import { readableAddress, visibleText } from '../text/format.ts';
import { useWords } from '../components/words-context.ts';

/** Pairs with a device near by: whichever side this is, the steps come as they are due. */
export function NearbyDialog(props: {
  readonly self: DeviceListing;
  /** What to do where the digits were not the same. */
  readonly otherWay: 'invite' | 'join';
  readonly onChoose: (way: WayIn) => void;
  readonly onClose: () => void;
}) {
  const t = useWords();
  const { self, otherWay, onChoose, onClose } = props;
  const { pairing, begin, answer, again } = usePairing();
  const { devices, error } = useNearby(pairing.kind === 'choosing');
  const isForInvitation = isUnverified(pairing);
  const isDone = pairing.kind === 'step' && pairing.step.step === 'paired';
  return (
    <Sheet
      isOpen
      isWide
      isFirm={pairing.kind === 'step' && !isDone}
      title={t.nearbyTitle}
      onClose={onClose}
      actions={
        isDone ? (
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- the button that had the focus is gone
          <Button className="button" data-kind="primary" autoFocus onPress={onClose}>
            {t.done}
          </Button>
        ) : (
          <>
            <Button className="button" onPress={onClose}>
              {pairing.kind === 'waiting' || pairing.kind === 'step' ? t.pairStop : t.close}
            </Button>
            {pairing.kind === 'over' ? (
              <Button
                className="button"
                data-kind={isForInvitation ? undefined : 'primary'}
                // oxlint-disable-next-line jsx-a11y/no-autofocus -- the button that had the focus is gone
                autoFocus={!isForInvitation}
                onPress={again}
              >
                {t.pairAgain}
              </Button>
            ) : null}
            {isForInvitation ? (
              <Button
                className="button"
                data-kind="primary"
                // oxlint-disable-next-line jsx-a11y/no-autofocus -- the button that had the focus is gone
                autoFocus
                onPress={() => onChoose(otherWay)}
              >
                {t[wayLabels[otherWay]]}
              </Button>
            ) : null}
          </>
        )
      }
    >
      {pairing.kind === 'choosing' ? (
        <Choosing devices={devices} onChoose={begin} />
      ) : pairing.kind === 'waiting' ? (
        <>
          <output>{t.pairWaiting}</output>
          <p>{t.pairWaitingBody}</p>
          <KeyWords words={self.words} label={t.keyWords} />
        </>
      ) : pairing.kind === 'step' ? (
        <PairStepView step={pairing.step} device={pairing.device} onAnswer={answer} />
      ) : (
        <p role="alert" className="error">
          {t.explainError(pairing.error)}
        </p>
      )}
      {pairing.kind === 'choosing' && error !== undefined ? (
        <p role="alert" className="error">
          {t.explainError(error)}
        </p>
      ) : null}
    </Sheet>
  );
}

function Choosing(props: {
  readonly devices: readonly NearbyDevice[] | undefined;
  readonly onChoose: (device: NearbyDevice) => void;
}) {
  const t = useWords();
  const { devices = [], onChoose } = props;
  return (
    <>
      <p>{t.nearbyBody}</p>
      <output className="quiet">
        {props.devices === undefined
          ? t.nearbyLooking
          : devices.length === 0
            ? t.nearbyNone
            : t.nearbyUnproved}
      </output>
      {devices.length === 0 ? null : (
        <ul className="nearby" aria-label={t.nearbyList}>
          {devices.map((device) => (
            <li key={device.key}>
              <MonitorSmartphone className="folder-icon" size={20} aria-hidden="true" />
              <div className="device-name">
                <h3>
                  <bdi>
                    {device.claimedName === null
                      ? t.nearbyUnnamed
                      : t.nearbyAsks(visibleText(device.claimedName))}
                  </bdi>
                </h3>
                <p className="quiet device-words">{device.words}</p>
                {device.address === null ? null : <p className="quiet">{readableAddress(device.address)}</p>}
              </div>
              <Button
                className="button"
                data-kind={device.claimedName === null ? undefined : 'primary'}
                aria-label={t.nearbyPairWith(device.words)}
                onPress={() => onChoose(device)}
              >
                {t.nearbyPair}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
