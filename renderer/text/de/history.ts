import type { HistoryWords } from '../en/history.ts';
import type { Format } from '../format.ts';
import { dative, encodings, files } from './nouns.ts';

export const deHistory = (format: Format): HistoryWords => ({
  noHistoryTitle: 'Noch keine Ordner',
  noHistoryBody:
    'Sobald hier ein Ordner liegt, lässt sich in dieser Ansicht jede ersetzte oder gelöschte Version finden und wiederherstellen.',
  emptyDirectoryTitle: 'Nichts da',
  emptyDirectoryNow:
    'In diesem Verzeichnis liegt nichts, und von Früherem ist nichts bekannt. Gehen Sie nach oben, oder wählen Sie einen anderen Ordner.',
  emptyDirectoryThen:
    'In diesem Verzeichnis lag damals nichts. Wählen Sie einen anderen Zeitpunkt, oder gehen Sie zurück zu jetzt.',
  historyFolder: 'Ordner',
  when: 'Zeigen',
  now: 'Wie es jetzt ist',
  hourAgo: 'Vor einer Stunde',
  dayAgo: 'Vor einem Tag',
  weekAgo: 'Vor einer Woche',
  atMoment: 'Zu einem Zeitpunkt …',
  momentField: 'Zeitpunkt',
  placeLabel: 'Wo Sie sind',
  filesLabel: 'Was hier liegt',
  filesLabelThen: (iso, now) => `Was hier lag: ${format.moment(iso, now)}`,
  itemState: (item) => ({ there: '', changed: 'seither geändert', gone: 'jetzt nicht da' })[item.state],
  goneAt: (iso, now, who) => `gelöscht ${format.moment(iso, now)}${who === '' ? '' : ` von ${dative(who)}`}`,
  writtenAt: (iso, now, who) => `${format.moment(iso, now)}${who === '' ? '' : `, ${who}`}`,
  directory: 'Verzeichnis',
  link: 'Verknüpfung',
  selectItem: (name) => `${name} auswählen`,
  momentTooEarly: (since, now) =>
    `Von diesem Ordner weiß Lockstep erst ab ${format.moment(since, now)}. Wählen Sie einen späteren Zeitpunkt.`,
  restoreSelected: (n) =>
    n === 0 ? 'Auswahl wiederherstellen …' : `${format.number(n)} ausgewählte wiederherstellen …`,
  restoreAll: 'Alles hier wiederherstellen …',
  chooseFile: 'Wählen Sie eine Datei, um ihre Versionen zu sehen.',
  chooseFileThen:
    'Wählen Sie eine Datei, um ihre Versionen zu sehen, oder stellen Sie alles wieder her, was hier lag.',
  versions: 'Frühere Versionen',
  noVersions:
    'Es ist keine frühere Version bekannt. Sobald etwas ersetzt oder gelöscht wird, stehen die Versionen hier.',
  versionUntil: (iso, now) => `Bis ${format.moment(iso, now)}`,
  versionReason: (version, who) =>
    ({
      replaced: who === '' ? 'dann ersetzt' : `dann von ${dative(who)} ersetzt`,
      deleted: who === '' ? 'dann gelöscht' : `dann von ${dative(who)} gelöscht`,
      conflict: 'steht in einem Konflikt',
      fetched: 'zum Ansehen geholt',
    })[version.reason],
  isCurrent: 'wie jetzt',
  isHere: 'Auf diesem Gerät',
  alsoOn: (names) => `Auch auf: ${format.list(names.map(dative))}`,
  onlyOn: (names) => `Auf: ${format.list(names.map(dative))}`,
  nowhere: 'Auf keinem verbundenen Gerät',
  preview: 'Vorschau',
  previewLoading: 'Die Version wird gelesen …',
  previewTooLarge: 'Zu groß, um hier gezeigt zu werden: Öffnen Sie eine Kopie, um sie anzusehen.',
  previewNone: 'Weder Text noch Bild: Öffnen Sie eine Kopie, um sie anzusehen.',
  previewEmpty: '(leer)',
  previewEncoding: (encoding, isGuess) =>
    isGuess ? `Vermutlich ${encodings[encoding]}.` : `In ${encodings[encoding]}.`,
  restoreThis: 'Wiederherstellen …',
  restoreBeside: 'Daneben legen …',
  openCopyShort: 'Kopie öffnen',
  copyName: (stem, extension, at) => `${stem} (Stand ${at})${extension}`,

  restoreTitle: 'Wiederherstellen',
  restoreLooking: 'Es wird ermittelt, was wiederhergestellt würde …',
  restoreNothing: 'Nichts würde sich ändern: Alles ist, wie es war.',
  restoreWould: (n, fetched) =>
    [
      `${format.count(n, { one: 'Pfad würde', other: 'Pfade würden' })} wiederhergestellt${fetched === 0 ? '' : `, davon ${format.count(fetched, files)} von anderen Geräten`}.`,
      'Was jetzt da ist, bleibt im Verlauf, und alles lässt sich rückgängig machen.',
    ].join(' '),
  restoreMissing: (n) =>
    `${format.count(n, { one: 'Pfad bleibt', other: 'Pfade bleiben' })}, wie es jetzt ist, denn kein verbundenes Gerät hat den Inhalt:`,
  restoreConfirm: (n) => `${format.count(n, { one: 'Pfad', other: 'Pfade' })} wiederherstellen`,
  restoreWhat: (name, iso, now) =>
    iso === undefined ? `„${name}“` : `„${name}“, Stand ${format.moment(iso, now)}`,
  restoreCount: (n, iso, now) =>
    `${format.count(n, { one: 'Eintrag', other: 'Einträge' })}, Stand ${format.moment(iso, now)}`,
  restoreLast: (n) =>
    `${format.count(n, { one: 'gelöschte Datei', other: 'gelöschte Dateien' })}, im letzten Stand`,
  restoreTo: (name) => `Sie wird als „${name}“ neben die jetzige gelegt.`,
  more: (n) => `und ${format.count(n, { one: 'weiterer', other: 'weitere' })}`,
});
