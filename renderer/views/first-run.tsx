import { FolderPlus, MonitorSmartphone, ShieldCheck } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Button, Form, Input, Label, TextField } from 'react-aria-components';
import type { Picture } from '../../app/ipc/contract.ts';
import { useAttempt, useEngine } from '../components/engine-context.ts';
import { useChangeSettings } from '../components/use-app-settings.ts';
import { type WayIn, WaysToJoin } from '../components/ways-in.tsx';
import { sortDevices } from '../state/select.ts';
import { WayDialog } from './way-dialog.tsx';
import { useWords } from '../components/words-context.ts';

type Step = 'name' | 'begin' | 'join' | 'code';
const numberOf: Readonly<Record<Step, number>> = { name: 1, begin: 2, join: 2, code: 3 };

/** The first steps: a name, a folder or another device, and the recovery code. Each can be left for later. */
export function FirstRunView({ picture }: { readonly picture: Picture }) {
  const t = useWords();
  const engine = useEngine();
  const attempt = useAttempt();
  const change = useChangeSettings();
  const [step, setStep] = useState<Step>('name');
  const [way, setWay] = useState<WayIn>();
  const { self, members } = sortDevices(picture.devices);
  const finish = (): void => change({ isSetUp: true });
  const shown = step === 'join' && members.length > 0 && way === undefined ? 'code' : step;

  const startWithFolder = (): void =>
    attempt(async () => {
      const chosen = await engine.shell('chooseDirectory', { purpose: 'add' });
      if (chosen === null) return;
      await engine.ask('folderAdd', { place: chosen.place });
      setStep('code');
    });
  return (
    <main className="first" data-region="main">
      <div className="first-card">
        <p className="first-brand">
          <img src="./mark.svg" alt="" width="34" height="34" />
          {t.product}
        </p>
        <p className="quiet">{t.firstStep(numberOf[shown])}</p>
        {shown === 'name' ? (
          <NameStep name={picture.status.name} onNext={() => setStep('begin')} />
        ) : shown === 'begin' ? (
          <>
            <h1>{t.firstChooseTitle}</h1>
            <BigChoice
              icon={<FolderPlus size={26} aria-hidden="true" />}
              title={t.firstFolder}
              body={t.firstFolderHelp}
              onPress={startWithFolder}
            />
            <BigChoice
              icon={<MonitorSmartphone size={26} aria-hidden="true" />}
              title={t.firstJoin}
              body={t.firstJoinHelp}
              onPress={() => setStep('join')}
            />
            <Later onBack={() => setStep('name')} onLater={finish} />
          </>
        ) : shown === 'join' ? (
          <>
            <h1>{t.firstJoinWays}</h1>
            <div className="first-ways">
              <WaysToJoin onChoose={setWay} />
            </div>
            <Later onBack={() => setStep('begin')} onLater={finish} />
          </>
        ) : (
          <CodeStep picture={picture} hasJoined={members.length > 0} onFinish={finish} />
        )}
      </div>
      {way === undefined || self === undefined ? null : (
        <WayDialog
          way={way}
          self={self}
          picture={picture}
          onChoose={setWay}
          onClose={() => setWay(undefined)}
        />
      )}
    </main>
  );
}

function NameStep({ name: known, onNext }: { readonly name: string; readonly onNext: () => void }) {
  const t = useWords();
  const engine = useEngine();
  const attempt = useAttempt();
  const [name, setName] = useState(known);
  return (
    <Form
      className="first-form"
      onSubmit={(event) => {
        event.preventDefault();
        attempt(async () => {
          await engine.ask('settingsSet', { key: 'name', value: name });
          onNext();
        });
      }}
    >
      <h1>{t.firstWelcome}</h1>
      <p>{t.firstIntro}</p>
      {/* oxlint-disable-next-line jsx-a11y/no-autofocus -- the first thing to do */}
      <TextField className="field" value={name} onChange={setName} maxLength={64} autoFocus>
        <Label>{t.firstNameTitle}</Label>
        <Input className="input" />
      </TextField>
      <p className="quiet">{t.firstNameHelp}</p>
      <div className="first-actions">
        <Button type="submit" className="button" data-kind="primary" isDisabled={name.trim() === ''}>
          {t.firstNext}
        </Button>
      </div>
    </Form>
  );
}

function CodeStep(props: {
  readonly picture: Picture;
  readonly hasJoined: boolean;
  readonly onFinish: () => void;
}) {
  const t = useWords();
  const { picture, hasJoined, onFinish } = props;
  const engine = useEngine();
  const attempt = useAttempt();
  const isFounded = picture.group.group !== null;
  return (
    <>
      <h1>{t.firstCodeTitle}</h1>
      <div className="first-code">
        <ShieldCheck size={34} aria-hidden="true" />
        <p>{hasJoined ? t.firstCodeJoined : isFounded ? t.firstCodeDone : t.firstCodeBody}</p>
      </div>
      <div className="first-actions">
        {isFounded ? (
          // oxlint-disable-next-line jsx-a11y/no-autofocus -- the button that had the focus is gone
          <Button className="button" data-kind="primary" autoFocus onPress={onFinish}>
            {t.firstFinish}
          </Button>
        ) : (
          <>
            <Button className="button" data-kind="quiet" onPress={onFinish}>
              {t.firstLater}
            </Button>
            <Button
              className="button"
              data-kind="primary"
              // oxlint-disable-next-line jsx-a11y/no-autofocus -- the button that had the focus is gone
              autoFocus
              onPress={() => attempt(() => engine.ask('groupCreate', undefined))}
            >
              {t.firstCodeShow}
            </Button>
          </>
        )}
      </div>
    </>
  );
}

function BigChoice(props: {
  readonly icon: ReactNode;
  readonly title: string;
  readonly body: string;
  readonly onPress: () => void;
}) {
  return (
    <Button className="big-choice" onPress={props.onPress}>
      {props.icon}
      <span>
        <strong>{props.title}</strong>
        <span className="quiet">{props.body}</span>
      </span>
    </Button>
  );
}

function Later({ onBack, onLater }: { readonly onBack: () => void; readonly onLater: () => void }) {
  const t = useWords();
  return (
    <div className="first-actions">
      <Button className="button" data-kind="quiet" onPress={onBack}>
        {t.firstBack}
      </Button>
      <Button className="button" data-kind="quiet" onPress={onLater}>
        {t.firstLater}
      </Button>
    </div>
  );
}
