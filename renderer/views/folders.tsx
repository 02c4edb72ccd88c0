import { FolderPlus, FolderSync } from 'lucide-react';
import { useState } from 'react';
import { Button } from 'react-aria-components';
import type { ChosenPlace, FolderListing, Picture, PictureFolder } from '../../app/ipc/contract.ts';
import { Empty } from '../components/empty.tsx';
import { useAttempt, useEngine, useView } from '../components/engine-context.ts';
import { type FolderAction, FolderRow } from '../components/folder-row.tsx';
import { OpenQuestions } from '../components/open-questions.tsx';
import { Question } from '../components/question.tsx';
import { Shortfalls } from '../components/shortfalls.tsx';
import { useGroupEvents } from '../components/use-group-events.ts';
import { exclusionOf } from '../state/removal.ts';
import { deviceNames, folderProgress } from '../state/select.ts';
import { visibleText } from '../text/format.ts';
import { FolderChoicesDialog } from './folder-choices-dialog.tsx';
import { RemovedView } from './removed.tsx';
import { useWords } from '../components/words-context.ts';

/** The folders kept here, and those of the other devices that could be. */
export function FoldersView({ picture }: { readonly picture: Picture }) {
  const t = useWords();
  const { mostNeeded } = useView();
  const engine = useEngine();
  const attempt = useAttempt();
  const [choosingId, setChoosingId] = useState<string>();
  const [removing, setRemoving] = useState<PictureFolder>();
  const [merging, setMerging] = useState<{ readonly folder: FolderListing; readonly chosen: ChosenPlace }>();
  const exclusion = exclusionOf(picture.devices, useGroupEvents(picture));
  const nameOf = deviceNames(picture);
  const { folders, offered } = picture;
  const choosing = folders.find(({ id }) => id === choosingId);

  const add = (): void =>
    attempt(async () => {
      const chosen = await engine.shell('chooseDirectory', { purpose: 'add' });
      if (chosen !== null) await engine.ask('folderAdd', { place: chosen.place });
    });
  const join = (folder: FolderListing, { place }: ChosenPlace): void =>
    attempt(() => engine.ask('folderJoin', { folder: folder.id, place }));
  const keepHere = (folder: FolderListing): void =>
    attempt(async () => {
      const chosen = await engine.shell('chooseDirectory', { purpose: 'join', name: folder.name });
      if (chosen === null) return;
      if (chosen.isEmpty) join(folder, chosen);
      else setMerging({ folder, chosen });
    });
  const act = (folder: PictureFolder, action: FolderAction): void => {
    switch (action) {
      case 'open':
        attempt(() => engine.shell('openFolder', { folderId: folder.id }));
        return;
      case 'history':
        engine.store.happened({
          kind: 'go-to',
          screen: 'history',
          target: { folderId: folder.id, path: '' },
        });
        return;
      case 'conflicts':
        engine.store.happened({ kind: 'go-to', screen: 'conflicts' });
        return;
      case 'pause':
        attempt(() => engine.ask('folderPause', { folder: folder.id }));
        return;
      case 'resume':
        attempt(() => engine.ask('folderResume', { folder: folder.id }));
        return;
      case 'choose':
        setChoosingId(folder.id);
        return;
      case 'remove':
        setRemoving(folder);
    }
  };

  const addButton = (
    <Button className="button" data-kind="primary" onPress={add}>
      <FolderPlus size={16} aria-hidden="true" />
      {t.addFolder}
    </Button>
  );
  return (
    <>
      {exclusion === undefined ? null : <RemovedView exclusion={exclusion} picture={picture} />}
      <OpenQuestions picture={picture} />
      <div className="screen-head">
        <h1>{t.screens.folders}</h1>
        {folders.length === 0 ? null : addButton}
      </div>
      <Shortfalls picture={picture} of={['watch']} />
      {folders.length === 0 ? (
        <Empty
          icon={<FolderSync size={40} strokeWidth={1.4} />}
          title={t.noFoldersTitle}
          body={offered.length === 0 ? t.noFoldersAlone : t.noFoldersOffered}
        >
          {addButton}
        </Empty>
      ) : (
        <ul className="cards" aria-label={t.screens.folders}>
          {folders.map((folder) => (
            <FolderRow
              key={folder.id}
              folder={folder}
              progress={folderProgress(folder, mostNeeded)}
              nameOf={nameOf}
              onAction={(action) => act(folder, action)}
            />
          ))}
        </ul>
      )}
      {offered.length === 0 ? null : (
        <section className="offered" aria-labelledby="offered-title">
          <h2 id="offered-title" className="section-title">
            {t.offeredTitle}
          </h2>
          <ul className="cards">
            {offered.map((folder) => (
              <li key={folder.id} className="card offered-folder">
                <div className="offered-name">
                  <h3>
                    <bdi>{visibleText(folder.name)}</bdi>
                  </h3>
                  <p className="quiet">
                    {t.offeredBy(folder.offeredBy.map((key) => visibleText(nameOf(key))))}
                  </p>
                </div>
                <Button
                  className="button"
                  aria-label={t.keepHereLabel(visibleText(folder.name))}
                  onPress={() => keepHere(folder)}
                >
                  {t.keepHere}
                </Button>
              </li>
            ))}
          </ul>
        </section>
      )}
      {removing === undefined ? null : (
        <Question
          isDangerous
          title={t.removeTitle(visibleText(removing.name))}
          body={t.removeBody}
          confirm={t.removeConfirm}
          onConfirm={() => attempt(() => engine.ask('folderRemove', { folder: removing.id }))}
          onClose={() => setRemoving(undefined)}
        />
      )}
      {choosing === undefined ? null : (
        <FolderChoicesDialog folder={choosing} onClose={() => setChoosingId(undefined)} />
      )}
      {merging === undefined ? null : (
        <Question
          title={t.mergeTitle(visibleText(merging.folder.name))}
          body={t.mergeBody(visibleText(merging.chosen.shownPath))}
          confirm={t.mergeConfirm}
          onConfirm={() => join(merging.folder, merging.chosen)}
          onClose={() => setMerging(undefined)}
        />
      )}
    </>
  );
}
