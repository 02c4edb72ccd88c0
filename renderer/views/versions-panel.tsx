import { useState } from 'react';
import { Button, GridList, GridListItem } from 'react-aria-components';
import type { HistoryVersion, Picture } from '../../app/ipc/contract.ts';
import { useEngine } from '../components/engine-context.ts';
import { PreviewPane } from '../components/preview-pane.tsx';
import { useAnswer } from '../components/use-answer.ts';
import { useNow } from '../components/use-now.ts';
import { useOpenCopy } from '../components/use-open-copy.ts';
import { useSlowed } from '../components/use-slowed.ts';
import { whoOf } from '../components/who-of.ts';
import { lastAt, placeOf, splitName, splitPath } from '../state/select.ts';
import { visibleText } from '../text/format.ts';
import type { Words } from '../text/words.ts';
import { RestoreDialog, type RestoreJob } from './restore-dialog.tsx';
import { useWords } from '../components/words-context.ts';

/** The former versions of one path: where they are, how they look, and the ways to have one back. */
export function VersionsPanel(props: {
  readonly folderId: string;
  readonly path: string;
  readonly picture: Picture;
}) {
  const t = useWords();
  const { folderId, path, picture } = props;
  const engine = useEngine();
  const now = useNow();
  const openCopy = useOpenCopy();
  const place = placeOf(folderId, path);
  const { name, directory } = splitPath(path);
  const revision = useSlowed(`${place} ${lastAt(picture, folderId, path)}`);
  const { value: versions, error } = useAnswer(revision, (signal) =>
    engine.ask('history', { path: place }, signal),
  );
  const { value: why } = useAnswer(revision, (signal) => engine.ask('why', { path: place }, signal));
  const [chosen, setChosen] = useState<string>();
  const [restoring, setRestoring] = useState<{ readonly job: RestoreJob; readonly note?: string }>();
  const version = versions?.find((each) => each.version === chosen) ?? versions?.[0];

  const beside = (of: HistoryVersion): void => {
    const { stem, extension } = splitName(name);
    const at = of.replacedAt.slice(0, 16).replace('T', ' ').replace(':', '.');
    const copy = t.copyName(stem, extension, at);
    const to = placeOf(folderId, [...directory, copy].join('/'));
    setRestoring({ job: { path: place, version: of.version, to }, note: t.restoreTo(visibleText(copy)) });
  };
  return (
    <section className="panel" aria-labelledby="panel-title">
      <div className="panel-head">
        <h2 id="panel-title">
          <bdi>{visibleText(name)}</bdi>
        </h2>
        {why === undefined ? null : (
          <p className="quiet">
            <bdi>{t.explainPath(why, whoOf(picture, t)(why.device ?? ''))}</bdi>
          </p>
        )}
      </div>
      {error !== undefined ? (
        <p role="alert" className="error">
          {t.explainError(error)}
        </p>
      ) : versions === undefined ? null : versions.length === 0 ? (
        <p className="quiet">{t.noVersions}</p>
      ) : (
        <GridList
          className="versions"
          aria-label={t.versions}
          selectionMode="single"
          selectionBehavior="replace"
          disallowEmptySelection
          selectedKeys={version === undefined ? [] : [version.version]}
          onSelectionChange={(keys) => {
            const [key] = keys;
            if (key !== undefined) setChosen(String(key));
          }}
          items={versions.map((each) => ({ id: each.version, version: each }))}
        >
          {({ version: each }) => (
            <GridListItem textValue={t.versionUntil(each.replacedAt, now)} className="version">
              <p className="version-who">{t.versionUntil(each.replacedAt, now)}</p>
              <p className="quiet">{factsOf(each, picture, t).join(' · ')}</p>
            </GridListItem>
          )}
        </GridList>
      )}
      {version === undefined ? null : (
        <>
          <div className="panel-actions">
            <Button
              className="button"
              data-kind="primary"
              onPress={() => setRestoring({ job: { path: place, version: version.version } })}
            >
              {t.restoreThis}
            </Button>
            <Button className="button" onPress={() => beside(version)}>
              {t.restoreBeside}
            </Button>
            {version.kind === 'file' ? (
              <Button className="button" onPress={() => openCopy(place, version.version)}>
                {t.openCopyShort}
              </Button>
            ) : null}
          </div>
          {version.kind === 'file' ? (
            <PreviewPane
              key={version.version}
              wish={{ path: place, version: version.version, sizeBytes: version.size }}
            />
          ) : null}
        </>
      )}
      {restoring === undefined || version === undefined ? null : (
        <RestoreDialog
          jobs={[restoring.job]}
          what={t.restoreWhat(visibleText(name), version.replacedAt, now)}
          {...(restoring.note === undefined ? {} : { note: restoring.note })}
          onClose={() => setRestoring(undefined)}
        />
      )}
    </section>
  );
}

function factsOf(version: HistoryVersion, picture: Picture, t: Words): readonly string[] {
  const who = whoOf(picture, t);
  const holders = version.holders.map(who);
  return [
    t.versionReason(version, who(version.device)),
    ...(version.kind === 'file' ? [t.format.size(version.size)] : [t.kindOf[version.kind]]),
    ...(version.current ? [t.isCurrent] : []),
    version.here
      ? holders.length === 0
        ? t.isHere
        : t.alsoOn(holders)
      : holders.length === 0
        ? t.nowhere
        : t.onlyOn(holders),
  ];
}
