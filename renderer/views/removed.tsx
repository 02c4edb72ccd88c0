import { ShieldX } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Button } from 'react-aria-components';
import type { Picture } from '../../app/ipc/contract.ts';
import { useAttempt, useEngine } from '../components/engine-context.ts';
import { useNow } from '../components/use-now.ts';
import { whoOf } from '../components/who-of.ts';
import type { Exclusion } from '../state/removal.ts';
import { en } from '../text/en.ts';
import { RecoverDialog } from './recover-dialog.tsx';

/** What a device shows that was removed, or is not trusted now: what happened, and the answers there are. */
export function RemovedView({
  exclusion,
  picture,
}: {
  readonly exclusion: Exclusion;
  readonly picture: Picture;
}) {
  const engine = useEngine();
  const attempt = useAttempt();
  const now = useNow();
  const [isRecovering, setRecovering] = useState(false);
  const keys = exclusion.kind === 'removed' ? exclusion.by : [];
  const by = keys.map(whoOf(picture));

  const answer = (title: string, body: string, button: ReactNode) => (
    <li className="out-answer">
      <div>
        <h3>{title}</h3>
        <p className="quiet">{body}</p>
      </div>
      {button}
    </li>
  );
  return (
    <section className="card out" aria-labelledby="out-title">
      <div className="out-head">
        <ShieldX size={28} aria-hidden="true" />
        <div>
          <h2 id="out-title">
            <bdi>{exclusion.kind === 'removed' ? en.outTitle(by) : en.outSuspended}</bdi>
          </h2>
          {exclusion.kind === 'removed' ? (
            <p>
              {en.outWhen(exclusion.at, now, exclusion.how)}
              {exclusion.isMutual ? en.outMutual(by) : en.outBody}
            </p>
          ) : (
            <p>{en.outSuspendedBody}</p>
          )}
        </div>
      </div>
      <ul>
        {answer(
          en.outMine,
          en.outMineBody,
          <Button
            className="button"
            onPress={() => attempt(() => engine.shell('leaveGroup', { anew: true }))}
          >
            {en.outMineButton}
          </Button>,
        )}
        {exclusion.kind === 'removed' && !exclusion.isMutual
          ? answer(
              en.outTheirs,
              en.outTheirsBody(by),
              <Button
                className="button"
                data-kind="danger"
                onPress={() => attempt(() => engine.shell('removeDevices', { devices: keys }))}
              >
                {en.outTheirsButton(by)}
              </Button>,
            )
          : null}
        {answer(
          en.outCode,
          picture.group.recovery ? en.outCodeBody : en.recoverNoCode,
          <Button className="button" isDisabled={!picture.group.recovery} onPress={() => setRecovering(true)}>
            {en.outCodeButton}
          </Button>,
        )}
      </ul>
      {isRecovering ? (
        <RecoverDialog picture={picture} without={keys} onClose={() => setRecovering(false)} />
      ) : null}
    </section>
  );
}
