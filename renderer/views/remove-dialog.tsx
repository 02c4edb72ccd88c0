import { useState } from 'react';
import { Button, Checkbox, Label, Radio, RadioGroup } from 'react-aria-components';
import type { DeviceListing, Picture, ShellMethods, WireError } from '../../app/ipc/contract.ts';
import { useEngine } from '../components/engine-context.ts';
import { MomentChoice } from '../components/moment-choice.tsx';
import { Sheet } from '../components/sheet.tsx';
import { useAnswer } from '../components/use-answer.ts';
import { WhoHeard } from '../components/who-heard.tsx';
import { whoOf } from '../components/who-of.ts';
import { errorOf } from '../state/engine-client.ts';
import type { Moment } from '../state/moment.ts';
import { visibleText } from '../text/format.ts';
import { useWords } from '../components/words-context.ts';

type Wish = ShellMethods['removeDevices']['takes'];
type Done = NonNullable<ShellMethods['removeDevices']['gives']>;

const reasons = ['stolen', 'lost', 'retired'] as const;
const isoOf = (moment: Moment): string | undefined => (moment.kind === 'now' ? undefined : moment.iso);

/** What removing a device does and cannot do, and what goes with it; the name is asked for by the main process. Then who has heard of it. */
export function RemoveDialog(props: {
  readonly device: DeviceListing;
  readonly picture: Picture;
  readonly onClose: () => void;
}) {
  const t = useWords();
  const { device, picture, onClose } = props;
  const engine = useEngine();
  const [reason, setReason] = useState<(typeof reasons)[number]>('stolen');
  const [kept, setKept] = useState<ReadonlySet<string>>(new Set());
  const [voidSince, setVoidSince] = useState<Moment>({ kind: 'now' });
  const [undoSince, setUndoSince] = useState<Moment>({ kind: 'now' });
  const [outcome, setOutcome] = useState<{ readonly done?: Done; readonly error?: WireError }>({});
  const { value: preview, error: unknown } = useAnswer(device.key, () =>
    engine.ask('deviceRemovalPreview', { devices: [device.key] }),
  );
  const name = visibleText(device.name);
  const added = preview?.added ?? [];
  const failure = outcome.error ?? unknown;

  const remove = (): void => {
    const [voids, undoes] = [isoOf(voidSince), isoOf(undoSince)];
    const wish: Wish = {
      devices: [device.key, ...added.map(({ key }) => key).filter((key) => !kept.has(key))],
      reason,
      ...(voids === undefined ? {} : { voidSince: voids }),
      ...(undoes === undefined ? {} : { undoSince: undoes }),
    };
    engine.shell('removeDevices', wish).then(
      (done) => setOutcome(done === null ? {} : { done }),
      (error: unknown) => setOutcome({ error: errorOf(error) }),
    );
  };

  if (outcome.done !== undefined)
    return <Removed device={device} picture={picture} done={outcome.done} onClose={onClose} />;
  return (
    <Sheet
      isOpen
      isFull
      title={t.removeTitle2(name)}
      onClose={onClose}
      actions={
        <>
          <p className="quiet actions-first">{t.removeNext}</p>
          <Button className="button" onPress={onClose}>
            {t.cancel}
          </Button>
          <Button className="button" data-kind="danger" isDisabled={preview === undefined} onPress={remove}>
            {t.removeGo}
          </Button>
        </>
      }
    >
      <div className="does">
        <Points title={t.removeDoes} points={t.removeDoesList} />
        <Points title={t.removeCannot} points={t.removeCannotList} />
      </div>
      <RadioGroup
        className="inline-radios"
        value={reason}
        onChange={(value) => setReason(value as typeof reason)}
      >
        <Label className="section-title">{t.removeReason}</Label>
        <div>
          {reasons.map((each) => (
            <Radio key={each} value={each} className="radio">
              <span className="radio-dot" aria-hidden="true" />
              {t.removeReasons[each]}
            </Radio>
          ))}
        </div>
      </RadioGroup>
      {added.length === 0 ? null : (
        <fieldset className="added">
          <legend className="section-title">{t.removeAddedTitle}</legend>
          <p className="quiet">{t.removeAddedBody}</p>
          {added.map(({ key, name: other, addedBy }) => (
            <Checkbox
              key={key}
              className="checkbox"
              isSelected={!kept.has(key)}
              onChange={(goes) => setKept(goes ? without(kept, key) : new Set([...kept, key]))}
            >
              <span className="checkbox-box" aria-hidden="true" />
              <bdi>{t.removeAddedBy(visibleText(other), whoOf(picture, t)(addedBy))}</bdi>
            </Checkbox>
          ))}
        </fieldset>
      )}
      <div className="moments">
        <div>
          <MomentChoice
            label={t.removeUndo}
            openName={t.fromNone}
            moment={undoSince}
            onChange={setUndoSince}
          />
          <ChangeCount device={device.key} since={isoOf(undoSince)} />
        </div>
        <div>
          <MomentChoice
            label={t.removeVoid}
            openName={t.fromNone}
            moment={voidSince}
            onChange={setVoidSince}
          />
        </div>
      </div>
      {failure === undefined ? null : (
        <p role="alert" className="error">
          {t.explainError(failure)}
        </p>
      )}
    </Sheet>
  );
}

/** After it: who has heard, and what else there is to do. */
function Removed(props: {
  readonly device: DeviceListing;
  readonly picture: Picture;
  readonly done: Done;
  readonly onClose: () => void;
}) {
  const t = useWords();
  const { device, picture, done, onClose } = props;
  const now = picture.devices.find(({ key }) => key === device.key) ?? device;
  return (
    <Sheet
      isOpen
      isWide
      title={t.removedTitle(visibleText(device.name))}
      onClose={onClose}
      actions={
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- the button that had the focus is gone
        <Button className="button" data-kind="primary" autoFocus onPress={onClose}>
          {t.done}
        </Button>
      }
    >
      {done.undone === 0 ? null : <p>{t.removedUndone(done.undone)}</p>}
      <WhoHeard removed={now} picture={picture} />
      <p>{t.removedPasswords}</p>
    </Sheet>
  );
}

function ChangeCount({ device, since }: { readonly device: string; readonly since: string | undefined }) {
  const t = useWords();
  const engine = useEngine();
  const { value } = useAnswer(since ?? '', () =>
    since === undefined ? Promise.resolve(undefined) : engine.ask('deviceChanges', { device, since }),
  );
  return since === undefined || value === undefined ? null : (
    <output className="quiet">{t.removeUndoCount(value.length)}</output>
  );
}

function Points({ title, points }: { readonly title: string; readonly points: readonly string[] }) {
  return (
    <section>
      <h3 className="section-title">{title}</h3>
      <ul className="points">
        {points.map((point) => (
          <li key={point}>{point}</li>
        ))}
      </ul>
    </section>
  );
}

function without(keys: ReadonlySet<string>, key: string): ReadonlySet<string> {
  return new Set([...keys].filter((other) => other !== key));
}
