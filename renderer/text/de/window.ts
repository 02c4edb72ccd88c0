import type { EngineState } from '../../../app/ipc/contract.ts';
import type { FolderSummary } from '../../state/select.ts';
import type { WindowWords } from '../en/window.ts';
import type { Format } from '../format.ts';
import { devicesDative, directoriesDative, files, items, thisDevice } from './nouns.ts';
import { deProblems } from './problems.ts';

export const deWindow = (format: Format): WindowWords => ({
  product: 'Lockstep',
  screens: {
    folders: 'Ordner',
    devices: 'Geräte',
    conflicts: 'Konflikte',
    history: 'Verlauf',
    activity: 'Aktivität',
    settings: 'Einstellungen',
  },
  screensLabel: 'Ansichten',
  statusLabel: 'Zustand',
  waitingBadge: (n) => format.count(n, { one: 'Gerät möchte beitreten', other: 'Geräte möchten beitreten' }),

  engine: (state: EngineState['kind']) =>
    ({
      starting: 'Lockstep startet …',
      running: 'Lockstep startet …',
      restarting: 'Der Abgleich wurde unterbrochen und startet neu …',
      refused: 'Lockstep kann nicht abgleichen.',
      'given-up': 'Der Abgleich bricht immer wieder ab. Zurzeit wird nichts abgeglichen.',
    })[state],
  engineGivenUp:
    'Er brach sechsmal in einer Minute ab und wurde deshalb nicht neu gestartet. Ihre Dateien sind unverändert. Starten Sie ihn erneut; wenn es so weitergeht, speichern Sie einen Bericht und senden Sie ihn ein.',
  startAgain: 'Neu starten',
  screenFailed: (screen) => `„${screen}“ kann nicht angezeigt werden`,
  windowFailed: 'Das Fenster kann nicht angezeigt werden',
  failedBody:
    'Hier ist in Lockstep ein Fehler aufgetreten. Der Abgleich läuft weiter, Ihre Dateien sind unverändert. Versuchen Sie es erneut; wenn der Fehler wiederkommt, speichern Sie einen Bericht und senden Sie ihn ein.',
  tryAgain: 'Erneut versuchen',

  pause: 'Anhalten',
  pauseFor: { hour: 'Für 1 Stunde', tomorrow: 'Bis morgen', open: 'Bis ich fortsetze' },
  resume: 'Abgleich fortsetzen',

  noFoldersTitle: 'Noch keine Ordner',
  noFoldersAlone:
    'Wählen Sie ein Verzeichnis, und Lockstep hält es auf allen Ihren Geräten gleich. Nichts liegt auf einem Server: Die Geräte sprechen direkt miteinander.',
  noFoldersOffered:
    'Ihre anderen Geräte haben Ordner: Wählen Sie, wo sie hier liegen sollen, oder fügen Sie einen eigenen hinzu.',
  addFolder: 'Ordner hinzufügen …',
  folderState: {
    'up-to-date': 'Aktuell',
    scanning: 'Wird geprüft',
    syncing: 'Wird abgeglichen',
    paused: 'Angehalten',
    attention: 'Wartet auf Sie',
    error: 'Gestoppt',
  },
  folderSize: (n, inDirectories, bytes) =>
    n === 0 && inDirectories === 0
      ? 'Leer'
      : [
          format.count(n, files),
          ...(inDirectories === 0 ? [] : [`in ${format.count(inDirectories, directoriesDative)}`]),
          `· ${format.size(bytes)}`,
        ].join(' '),
  folderSummary(summary: FolderSummary): string {
    switch (summary.kind) {
      case 'alone':
        return 'Hier vollständig. Kein verbundenes Gerät hat ihn auch.';
      case 'in-step':
        return `Gleich auf ${format.list(summary.with)}.`;
      case 'scanning':
        return 'Das Verzeichnis wird auf Änderungen geprüft.';
      case 'receiving':
        return `Noch ${format.count(summary.files, items)}, ${format.size(summary.bytes)}${summary.etaS === undefined ? '' : ` · noch etwa ${format.span(summary.etaS)}`}`;
      case 'sending':
        return `${format.count(summary.changes, { one: 'hiesige Änderung wird', other: 'hiesige Änderungen werden' })} gleich gesendet.`;
      case 'others-behind':
        return summary.behind.length === 0
          ? 'Wird mit den anderen Geräten verglichen.'
          : `${format.list(summary.behind)} ${summary.behind.length === 1 ? 'empfängt' : 'empfangen'} noch.`;
      case 'others-differ':
        return `Alles ist gesendet. ${format.list(summary.differing)} ${summary.differing.length === 1 ? 'hat' : 'haben'} etwas anderes: Sehen Sie dort nach.`;
      case 'paused':
        return 'Angehalten. Änderungen warten, bis Sie fortsetzen.';
      case 'needs-you':
        return `${format.count(summary.things, { one: 'Sache wartet', other: 'Sachen warten' })} auf Sie; alles Übrige wird abgeglichen.`;
      case 'stopped':
        return summary.problem === undefined ? '' : deProblems.explainProblem(summary.problem).cause;
    }
  },
  progressLabel: (folder) => `Fortschritt von ${folder}`,
  holdersLabel: 'Auch auf',
  holderInStep: (name) => `${name}: gleich`,
  holderPart: (name) => `${name}: behält einen Teil, gleich`,
  holderDiffers: (name) => `${name}: hat etwas anderes`,
  holderAhead: (name) => `${name}: hat alles`,
  holderBehind: (name, n) =>
    n === 0 ? `${name}: wird verglichen` : `${name}: noch ${format.count(n, items)}`,
  conflicts: (n) =>
    `${format.count(n, { one: 'Datei wurde', other: 'Dateien wurden' })} an zwei Orten geändert, bevor abgeglichen werden konnte. Alle Versionen bleiben erhalten.`,
  resolveConflicts: 'Lösen …',
  resolveConflictsOf: (name) => `Konflikte von ${name} lösen`,
  safeOn: (n) => `Sicher auf ${format.count(n, devicesDative)}`,
  onlyHere: 'Nur auf diesem Gerät',
  folderHistory: 'Verlauf ansehen',
  problems: (n) => format.count(n, { one: 'Problem', other: 'Probleme' }),
  moreProblems: (n) => `und ${format.count(n, { one: 'weiteres', other: 'weitere' })}`,
  wholeFolder: 'Der ganze Ordner',
  folderActions: (name) => `Aktionen für ${name}`,
  openFolder: 'Im Dateimanager öffnen',
  pauseFolder: 'Diesen Ordner anhalten',
  resumeFolder: 'Diesen Ordner fortsetzen',
  removeFolder: 'Von diesem Gerät entfernen …',
  removeTitle: (name) => `„${name}“ auf diesem Gerät nicht mehr abgleichen?`,
  removeBody:
    'Die Dateien bleiben, wo sie sind, hier und auf Ihren anderen Geräten. Änderungen von hier werden nicht mehr gesendet, Änderungen von dort kommen nicht mehr an.',
  removeConfirm: 'Entfernen, Dateien behalten',
  cancel: 'Abbrechen',
  offeredTitle: 'Auf Ihren anderen Geräten',
  offeredBy: (names) => `Liegt auf ${format.list(names)}`,
  keepHere: 'Hier behalten …',
  keepHereLabel: (name) => `Hier behalten … ${name}`,
  mergeTitle: (name) => `„${name}“ in ein Verzeichnis legen, das nicht leer ist?`,
  mergeBody: (path) =>
    `Was in ${path} liegt, wird Teil des Ordners und an Ihre anderen Geräte gesendet. Keine Datei wird überschrieben, ohne dass eine Kopie erhalten bleibt.`,
  mergeConfirm: 'Zusammenlegen',

  thisDevice: 'Dieses Gerät',
  thisDeviceInText: thisDevice,
  keyWords: 'Prüfwörter',
  deviceKey: 'Geräteschlüssel',
  keyWordsHelp:
    'Vergleichen Sie diese Wörter mit denen, die ein anderes Gerät für dieses zeigt: Stimmen sie überein, steht niemand dazwischen.',
  copy: 'Kopieren',
  copyKey: 'Geräteschlüssel kopieren',
  copied: 'Kopiert',
  yourDevices: 'Ihre anderen Geräte',
  noDevicesTitle: 'Nur dieses Gerät',
  noDevicesBody:
    'Laden Sie ein anderes Gerät ein, oder treten Sie einem bei, das Sie bereits mit Lockstep benutzen.',
  deviceState: {
    connected: 'Verbunden',
    offline: 'Nicht verbunden',
    self: 'Dieses Gerät',
    pending: 'Möchte beitreten',
    suspended: 'Ausgesetzt',
    revoked: 'Entfernt',
  },
  lastSeen: (iso, now) => `Zuletzt gesehen ${format.ago(iso, now)}`,
  neverSeen: 'Noch nie gesehen',
  latency: (ms) => `${format.number(Math.max(1, Math.round(ms)))} ms`,
  sending: (bps) => `↑ ${format.rate(bps)}`,
  receiving: (bps) => `↓ ${format.rate(bps)}`,
  removedDevices: 'Entfernte Geräte',
  askingTitle: (name) => `„${name}“ hat Ihre Einladung benutzt`,
  askingBody: 'Fügen Sie das Gerät nur hinzu, wenn sein Bildschirm diese Prüfwörter zeigt:',
  add: 'Hinzufügen',
  notMine: 'Nicht meines',
  invite: 'Gerät einladen …',
  join: 'Mit einer Einladung beitreten …',

  inviteTitle: 'Gerät einladen',
  invitePreparing: 'Die Einladung wird vorbereitet …',
  inviteSteps:
    'Öffnen Sie Lockstep auf dem anderen Gerät, wählen Sie „Mit einer Einladung beitreten …“ und fügen Sie diesen Text ein, oder scannen Sie das Bild.',
  inviteOnce: (until) =>
    `Sie gilt einmal, bis ${format.time(until)}. Wer sie hat, kann um Beitritt bitten; hier entscheiden Sie.`,
  inviteText: 'Einladung',
  inviteQr: 'Die Einladung als QR-Code',
  inviteCopy: 'Einladung kopieren',
  inviteWaiting: 'Warten auf das andere Gerät …',
  inviteJoined: (name) => `${name} wurde hinzugefügt.`,
  done: 'Fertig',
  close: 'Schließen',

  joinTitle: 'Mit einer Einladung beitreten',
  joinBody:
    'Wählen Sie auf einem Gerät, das Sie bereits mit Lockstep benutzen, „Gerät einladen …“, und fügen Sie hier ein, was es zeigt.',
  joinField: 'Einladung',
  joinButton: 'Beitreten',
  joinWaiting: 'Fügen Sie dieses Gerät jetzt auf dem anderen hinzu. Es zeigt diese Prüfwörter:',
  joinDone: 'Dieses Gerät ist beigetreten. Die Ordner der anderen finden Sie in der Ansicht „Ordner“.',
  showFolders: 'Ordner anzeigen',

  dismiss: 'Ausblenden',
  noticesLabel: 'Mitteilungen',
});
