import { Button } from 'react-aria-components';
import type { RestoreResult } from '../../app/ipc/contract.ts';
import { useAttempt, useEngine } from '../components/engine-context.ts';
import { Sheet } from '../components/sheet.tsx';
import { useAnswer } from '../components/use-answer.ts';
import type { EngineClient } from '../state/engine-client.ts';
import { visibleText } from '../text/format.ts';
import { useWords } from '../components/words-context.ts';

/** LIMIT: paths that are listed as missing. */
const maxListed = 50;

/** One thing to bring back: a version, or the state of a moment. */
export type RestoreJob = { readonly path: string; readonly to?: string } & (
  | { readonly version: string }
  | { readonly at: string }
);

/** Tells what a restore would do, and does it once a person says so. */
export function RestoreDialog(props: {
  readonly jobs: readonly RestoreJob[];
  /** What it is about, in a line. */
  readonly what: string;
  /** More about it. */
  readonly note?: string;
  readonly onClose: () => void;
}) {
  const t = useWords();
  const { jobs, what, note, onClose } = props;
  const engine = useEngine();
  const attempt = useAttempt();
  const { value: would, error } = useAnswer('', (signal) => runAll(engine, jobs, true, signal));

  const restore = (): void => {
    onClose();
    attempt(async () => {
      const undo: string[] = [];
      let [count, missing] = [0, 0];
      try {
        for (const job of jobs) {
          const done = await engine.ask('restore', job);
          if (done.undoId !== null) undo.unshift(done.undoId);
          count += done.restored;
          missing += done.missing.length;
        }
      } finally {
        if (count > 0)
          engine.store.happened({ kind: 'done', done: { what: 'restored', count, missing, undo } });
      }
    });
  };
  return (
    <Sheet
      isOpen
      isWide
      title={t.restoreTitle}
      onClose={onClose}
      actions={
        <>
          <Button className="button" onPress={onClose}>
            {t.cancel}
          </Button>
          {would === undefined || would.restored === 0 ? null : (
            <Button className="button" data-kind="primary" onPress={restore}>
              {t.restoreConfirm(would.restored)}
            </Button>
          )}
        </>
      }
    >
      <p className="restore-what">
        <bdi>{what}</bdi>
      </p>
      {note === undefined ? null : <p>{note}</p>}
      {error !== undefined ? (
        <p role="alert" className="error">
          {t.explainError(error)}
        </p>
      ) : (
        <output>
          {would === undefined
            ? t.restoreLooking
            : would.restored > 0
              ? t.restoreWould(would.restored, would.fetched)
              : would.missing.length === 0
                ? t.restoreNothing
                : ''}
        </output>
      )}
      {would === undefined || would.missing.length === 0 ? null : (
        <div className="restore-missing">
          <p>{t.restoreMissing(would.missing.length)}</p>
          <ul>
            {would.missing.slice(0, maxListed).map((path) => (
              <li key={path}>
                <bdi>{visibleText(path)}</bdi>
              </li>
            ))}
            {would.missing.length <= maxListed ? null : <li>{t.more(would.missing.length - maxListed)}</li>}
          </ul>
        </div>
      )}
    </Sheet>
  );
}

async function runAll(
  engine: EngineClient,
  jobs: readonly RestoreJob[],
  dryRun: boolean,
  signal: AbortSignal,
): Promise<Pick<RestoreResult, 'restored' | 'fetched' | 'missing'>> {
  let [restored, fetched] = [0, 0];
  const missing: string[] = [];
  for (const job of jobs) {
    const result = await engine.ask('restore', { ...job, dryRun }, signal);
    restored += result.restored;
    fetched += result.fetched;
    missing.push(...result.missing);
  }
  return { restored, fetched, missing };
}
