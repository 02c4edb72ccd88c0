import { useState } from 'react';
import { Button, GridList, GridListItem } from 'react-aria-components';
import type { HistoryVersion, Picture } from '../../app/ipc/contract.ts';
import { useEngine } from '../components/engine-context.ts';
import { PreviewPane } from '../components/preview-pane.tsx';
import { useAnswer } from '../components/use-answer.ts';
import { useNow } from '../components/use-now.ts';
import { useOpenCopy } from '../components/use-open-copy.ts';
import { whoOf } from '../components/who-of.ts';
import { placeOf, splitName, splitPath } from '../state/select.ts';
import { en, explainError } from '../text/en.ts';
import { visibleText } from '../text/format.ts';
import { RestoreDialog, type RestoreJob } from './restore-dialog.tsx';

/** The former versions of one path: where they are, how they look, and the ways to have one back. */
export function VersionsPanel(props: {
  readonly folderId: string;
  readonly path: string;
  readonly picture: Picture;
}) {
  const { folderId, path, picture } = props;
  const engine = useEngine();
  const now = useNow();
  const openCopy = useOpenCopy();
  const place = placeOf(folderId, path);
  const { name, directory } = splitPath(path);
  const revision = `${place} ${picture.recent[0]?.id ?? ''}`;
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
    const copy = en.copyName(stem, extension, at);
    const to = placeOf(folderId, [...directory, copy].join('/'));
    setRestoring({ job: { path: place, version: of.version, to }, note: en.restoreTo(visibleText(copy)) });
  };
  return (
    <section className="panel" aria-labelledby="panel-title">
      <div className="panel-head">
        <h2 id="panel-title">
          <bdi>{visibleText(name)}</bdi>
        </h2>
        {why === undefined ? null : <p className="quiet">{why.cause}</p>}
      </div>
      {error !== undefined ? (
        <p role="alert" className="error">
          {explainError(error)}
        </p>
      ) : versions === undefined ? null : versions.length === 0 ? (
        <p className="quiet">{en.noVersions}</p>
      ) : (
        <GridList
          className="versions"
          aria-label={en.versions}
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
            <GridListItem textValue={en.versionUntil(each.replacedAt, now)} className="version">
              <p className="version-who">{en.versionUntil(each.replacedAt, now)}</p>
              <p className="quiet">{factsOf(each, picture).join(' · ')}</p>
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
              {en.restoreThis}
            </Button>
            <Button className="button" onPress={() => beside(version)}>
              {en.restoreBeside}
            </Button>
            {version.kind === 'file' ? (
              <Button className="button" onPress={() => openCopy(place, version.version)}>
                {en.openCopyShort}
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
          what={en.restoreWhat(visibleText(name), version.replacedAt, now)}
          {...(restoring.note === undefined ? {} : { note: restoring.note })}
          onClose={() => setRestoring(undefined)}
        />
      )}
    </section>
  );
}

function factsOf(version: HistoryVersion, picture: Picture): readonly string[] {
  const who = whoOf(picture);
  const holders = version.holders.map(who);
  return [
    en.versionReason(version, who(version.device)),
    ...(version.kind === 'file' ? [en.format.size(version.size)] : [en.kindOf[version.kind]]),
    ...(version.current ? [en.isCurrent] : []),
    version.here
      ? holders.length === 0
        ? en.isHere
        : en.alsoOn(holders)
      : holders.length === 0
        ? en.nowhere
        : en.onlyOn(holders),
  ];
}
