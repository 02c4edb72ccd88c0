import { ShieldX } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Button } from 'react-aria-components';
import type { Picture } from '../../app/ipc/contract.ts';
import { useAttempt, useEngine } from '../components/engine-context.ts';
import { useNow } from '../components/use-now.ts';
import { whoOf } from '../components/who-of.ts';
import type { Exclusion } from '../state/removal.ts';
import { RecoverDialog } from './recover-dialog.tsx';
import { useWords } from '../components/words-context.ts';

/** What a device shows that was removed, or is not trusted now: what happened, and the answers there are. */
export function RemovedView({
  exclusion,
  picture,
}: {
  readonly exclusion: Exclusion;
  readonly picture: Picture;
}) {
  const t = useWords();
  const engine = useEngine();
  const attempt = useAttempt();
  const now = useNow();
  const [isRecovering, setRecovering] = useState(false);
  const keys = exclusion.kind === 'removed' ? exclusion.by : [];
  const by = keys.map(whoOf(picture, t));

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
            <bdi>{exclusion.kind === 'removed' ? t.outTitle(by) : t.outSuspended}</bdi>
          </h2>
          {exclusion.kind === 'removed' ? (
            <p>
              {t.outWhen(exclusion.at, now, exclusion.how)}
              {exclusion.isMutual ? t.outMutual(by) : t.outBody}
            </p>
          ) : (
            <p>{t.outSuspendedBody}</p>
          )}
        </div>
      </div>
      <ul>
        {answer(
          t.outMine,
          t.outMineBody,
          <Button
            className="button"
            onPress={() => attempt(() => engine.shell('leaveGroup', { anew: true }))}
          >
            {t.outMineButton}
          </Button>,
        )}
        {exclusion.kind === 'removed' && !exclusion.isMutual
          ? answer(
              t.outTheirs,
              t.outTheirsBody(by),
              <Button
                className="button"
                data-kind="danger"
                onPress={() => attempt(() => engine.shell('removeDevices', { devices: keys }))}
              >
                {t.outTheirsButton(by)}
              </Button>,
            )
          : null}
        {answer(
          t.outCode,
          picture.group.recovery ? t.outCodeBody : t.recoverNoCode,
          <Button className="button" isDisabled={!picture.group.recovery} onPress={() => setRecovering(true)}>
            {t.outCodeButton}
          </Button>,
        )}
      </ul>
      {isRecovering ? (
        <RecoverDialog picture={picture} without={keys} onClose={() => setRecovering(false)} />
      ) : null}
    </section>
  );
}
