import { MonitorSmartphone } from 'lucide-react';
import type { DeviceListing, NearbyDevice } from '../../app/ipc/contract.ts';
import { Button } from 'react-aria-components';
import { KeyWords } from '../components/key-words.tsx';
import { PairStepView } from '../components/pair-step.tsx';
import { Sheet } from '../components/sheet.tsx';
import { useNearby, usePairing } from '../components/use-pairing.ts';
import { en, explainError } from '../text/en.ts';
import { readableAddress, visibleText } from '../text/format.ts';

/** Pairs with a device near by: whichever side this is, the steps come as they are due. */
export function NearbyDialog({
  self,
  onClose,
}: {
  readonly self: DeviceListing;
  readonly onClose: () => void;
}) {
  const { pairing, begin, answer, again } = usePairing();
  const { devices, error } = useNearby(pairing.kind === 'choosing');
  const isDone = pairing.kind === 'step' && pairing.step.step === 'paired';
  return (
    <Sheet
      isOpen
      isWide
      isFirm={pairing.kind === 'step' && !isDone}
      title={en.nearbyTitle}
      onClose={onClose}
      actions={
        isDone ? (
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- the button that had the focus is gone
          <Button className="button" data-kind="primary" autoFocus onPress={onClose}>
            {en.done}
          </Button>
        ) : (
          <>
            {pairing.kind === 'over' ? (
              // oxlint-disable-next-line jsx-a11y/no-autofocus -- the button that had the focus is gone
              <Button className="button" data-kind="primary" autoFocus onPress={again}>
                {en.pairAgain}
              </Button>
            ) : null}
            <Button className="button" onPress={onClose}>
              {pairing.kind === 'waiting' || pairing.kind === 'step' ? en.pairStop : en.close}
            </Button>
          </>
        )
      }
    >
      {pairing.kind === 'choosing' ? (
        <Choosing devices={devices} onChoose={begin} />
      ) : pairing.kind === 'waiting' ? (
        <>
          <output>{en.pairWaiting}</output>
          <p>{en.pairWaitingBody}</p>
          <KeyWords words={self.words} label={en.keyWords} />
        </>
      ) : pairing.kind === 'step' ? (
        <PairStepView step={pairing.step} device={pairing.device} onAnswer={answer} />
      ) : (
        <p role="alert" className="error">
          {explainError(pairing.error)}
        </p>
      )}
      {pairing.kind === 'choosing' && error !== undefined ? (
        <p role="alert" className="error">
          {explainError(error)}
        </p>
      ) : null}
    </Sheet>
  );
}

function Choosing(props: {
  readonly devices: readonly NearbyDevice[] | undefined;
  readonly onChoose: (device: NearbyDevice) => void;
}) {
  const { devices = [], onChoose } = props;
  return (
    <>
      <p>{en.nearbyBody}</p>
      <output className="quiet">
        {props.devices === undefined
          ? en.nearbyLooking
          : devices.length === 0
            ? en.nearbyNone
            : en.nearbyUnproved}
      </output>
      {devices.length === 0 ? null : (
        <ul className="nearby" aria-label={en.nearbyList}>
          {devices.map((device) => (
            <li key={device.key}>
              <MonitorSmartphone className="folder-icon" size={20} aria-hidden="true" />
              <div className="device-name">
                <h3>
                  <bdi>
                    {device.claimedName === null
                      ? en.nearbyUnnamed
                      : en.nearbyAsks(visibleText(device.claimedName))}
                  </bdi>
                </h3>
                <p className="quiet device-words">{device.words}</p>
                {device.address === null ? null : <p className="quiet">{readableAddress(device.address)}</p>}
              </div>
              <Button
                className="button"
                data-kind={device.claimedName === null ? undefined : 'primary'}
                aria-label={en.nearbyPairWith(device.words)}
                onPress={() => onChoose(device)}
              >
                {en.nearbyPair}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
