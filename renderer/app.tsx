import { Activity, FileStack, Folder, History, Laptop, Pause, Play, Settings } from 'lucide-react';
import { useCallback } from 'react';
import { Button, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import type { PauseSpan, Picture, Screen } from '../app/ipc/contract.ts';
import { Empty } from './components/empty.tsx';
import { useAttempt, useEngine, useView } from './components/engine-context.ts';
import { KeyQuestion } from './components/key-question.tsx';
import { Notices } from './components/notices.tsx';
import { SafePart } from './components/safe-part.tsx';
import { type IconState, StateIcon } from './components/state-icon.tsx';
import { useKeptFocus } from './components/use-kept-focus.ts';
import { useNow } from './components/use-now.ts';
import { useSaveReport } from './components/use-save-report.ts';
import { useShortcuts } from './components/use-shortcuts.ts';
import type { ViewState } from './state/view-state.ts';
import { asksForKeyPlace, conflictsIn } from './state/select.ts';
import { sayStatus } from './text/say-status.ts';
import type { Words } from './text/words.ts';
import { ActivityView } from './views/activity.tsx';
import { ConflictsView } from './views/conflicts.tsx';
import { DevicesView } from './views/devices.tsx';
import { FirstRunView } from './views/first-run.tsx';
import { FoldersView } from './views/folders.tsx';
import { HistoryView } from './views/history.tsx';
import { SettingsView } from './views/settings.tsx';
import { useWords } from './components/words-context.ts';

/** The whole window. */
export function App() {
  const view = useView();
  const { store } = useEngine();
  const goTo = useCallback((screen: Screen) => store.happened({ kind: 'go-to', screen }), [store]);
  useShortcuts(goTo);
  useKeptFocus();
  const { picture, screen, isFirstRun } = view;
  const notices = (
    <Notices notices={view.notices} onDismiss={(id) => store.happened({ kind: 'dismiss', id })} />
  );
  // Until it is known, nothing is drawn that might have to go again.
  if (picture !== undefined && isFirstRun !== false)
    return isFirstRun === undefined ? null : (
      <>
        <FirstRunView picture={picture} />
        {notices}
      </>
    );
  return (
    <div className="frame">
      <Side view={view} onGo={goTo} />
      <header className="top" data-region="top">
        <StatePill view={view} />
        {picture === undefined ? null : <PauseControl isPaused={picture.status.state === 'paused'} />}
      </header>
      <main className="main" data-region="main" tabIndex={-1}>
        {picture === undefined ? (
          <EngineAway engine={view.engine} />
        ) : (
          <SafePart key={screen} where={screen}>
            <ScreenOf screen={screen} picture={picture} />
          </SafePart>
        )}
      </main>
      {notices}
    </div>
  );
}

function ScreenOf({ screen, picture }: { readonly screen: Screen; readonly picture: Picture }) {
  switch (screen) {
    case 'folders':
      return <FoldersView picture={picture} />;
    case 'devices':
      return <DevicesView picture={picture} />;
    case 'conflicts':
      return <ConflictsView picture={picture} />;
    case 'history':
      return <HistoryView picture={picture} />;
    case 'activity':
      return <ActivityView picture={picture} />;
    case 'settings':
      return <SettingsView picture={picture} />;
  }
}

function Side({ view, onGo }: { readonly view: ViewState; readonly onGo: (screen: Screen) => void }) {
  const t = useWords();
  const asking = view.picture?.devices.filter(({ state }) => state === 'pending').length ?? 0;
  const questions = view.picture?.questions.filter(({ kind }) => kind !== 'pending-device').length ?? 0;
  const conflicts = view.picture === undefined ? 0 : conflictsIn(view.picture);
  const entry = (
    screen: Screen,
    icon: React.ReactNode,
    badge?: { readonly count: number; readonly says: string },
  ) => (
    <li>
      <Button
        className="side-entry"
        aria-current={view.screen === screen ? 'page' : 'false'}
        onPress={() => onGo(screen)}
      >
        {icon}
        <span>{t.screens[screen]}</span>
        {badge === undefined || badge.count === 0 ? null : (
          <span className="badge">
            <span aria-hidden="true">{badge.count}</span>
            <span className="unseen">{badge.says}</span>
          </span>
        )}
      </Button>
    </li>
  );
  return (
    <nav className="side" aria-label={t.screensLabel} data-region="side">
      <p className="brand">
        <img src="./mark.svg" alt="" width="26" height="26" />
        {t.product}
      </p>
      <ul>
        {entry('folders', <Folder size={18} aria-hidden="true" />, {
          count: questions,
          says: t.questionBadge(questions),
        })}
        {entry('devices', <Laptop size={18} aria-hidden="true" />, {
          count: asking,
          says: t.waitingBadge(asking),
        })}
        {entry('conflicts', <FileStack size={18} aria-hidden="true" />, {
          count: conflicts,
          says: t.conflictBadge(conflicts),
        })}
        {entry('history', <History size={18} aria-hidden="true" />)}
        {entry('activity', <Activity size={18} aria-hidden="true" />)}
        {entry('settings', <Settings size={18} aria-hidden="true" />)}
      </ul>
    </nav>
  );
}

function StatePill({ view: { engine, picture } }: { readonly view: ViewState }) {
  const t = useWords();
  const now = useNow();
  const { state, sentence } = picture === undefined ? awayState(engine, t) : liveState(picture, { t, now });
  return (
    <output className="pill" aria-label={t.statusLabel} data-state={state}>
      <StateIcon state={state} />
      <span className="pill-text">{sentence}</span>
    </output>
  );
}

function liveState(
  picture: Picture,
  { t, now }: { readonly t: Words; readonly now: number },
): {
  readonly state: IconState;
  readonly sentence: string;
} {
  const isAsked = picture.devices.some(({ state }) => state === 'pending');
  return { state: isAsked ? 'attention' : picture.status.state, sentence: sayStatus(t, picture, now) };
}

function awayState(
  engine: ViewState['engine'],
  t: Words,
): {
  readonly state: IconState;
  readonly sentence: string;
} {
  if (asksForKeyPlace(engine)) return { state: 'attention', sentence: t.keyQuestionState };
  const { kind } = engine;
  const needsYou = kind === 'refused' || kind === 'given-up';
  return { state: needsYou ? 'attention' : 'offline', sentence: t.engine(kind) };
}

function PauseControl({ isPaused }: { readonly isPaused: boolean }) {
  const t = useWords();
  const engine = useEngine();
  const attempt = useAttempt();
  if (isPaused)
    return (
      <Button className="button" onPress={() => attempt(() => engine.ask('resume', undefined))}>
        <Play size={15} aria-hidden="true" />
        {t.resume}
      </Button>
    );
  return (
    <MenuTrigger>
      <Button className="button">
        <Pause size={15} aria-hidden="true" />
        {t.pause}
      </Button>
      <Popover className="popover" placement="bottom end">
        <Menu
          className="menu"
          onAction={(span) => attempt(() => engine.ask('pause', { span: span as PauseSpan }))}
        >
          {(['hour', 'tomorrow', 'open'] as const).map((span) => (
            <MenuItem key={span} id={span} className="menu-item">
              {t.pauseFor[span]}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

function EngineAway({ engine }: { readonly engine: ViewState['engine'] }) {
  const t = useWords();
  const client = useEngine();
  const attempt = useAttempt();
  const { isSaved, save } = useSaveReport();
  if (engine.kind !== 'refused' && engine.kind !== 'given-up') return null;
  if (asksForKeyPlace(engine)) return <KeyQuestion />;
  return (
    <Empty
      icon={<StateIcon state="attention" size={40} />}
      title={t.engine(engine.kind)}
      body={engine.kind === 'refused' ? t.explainError(engine.error) : t.engineGivenUp}
    >
      <Button
        className="button"
        data-kind="primary"
        onPress={() => attempt(() => client.shell('restartEngine', undefined))}
      >
        {engine.kind === 'refused' ? t.tryAgain : t.startAgain}
      </Button>
      <Button className="button" onPress={save}>
        {t.report}
      </Button>
      <output className="quiet">{isSaved ? t.reportSaved : ''}</output>
    </Empty>
  );
}
