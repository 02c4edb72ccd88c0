import type { ConflictWords } from '../en/conflicts.ts';
import type { Format } from '../format.ts';
import { capital, dative, encodings } from './nouns.ts';

export const deConflicts = (format: Format): ConflictWords => ({
  conflictBadge: (n) => format.count(n, { one: 'Konflikt ist offen', other: 'Konflikte sind offen' }),
  noConflictsTitle: 'Keine Konflikte',
  noConflictsBody:
    'Dateien, die an zwei Orten geändert wurden, bevor abgeglichen werden konnte, stehen hier mit allen ihren Versionen. Zurzeit gibt es nichts zu tun.',
  conflictsIntro: (n) =>
    `${format.count(n, { one: 'Datei wurde', other: 'Dateien wurden' })} an zwei Orten geändert, bevor abgeglichen werden konnte. Nichts ist verloren: Alle Versionen bleiben, bis Sie wählen.`,
  conflictsLabel: 'Offene Konflikte',
  changedOn: (who, iso, now) => `${capital(who)}, ${format.moment(iso, now)}`,
  conflictActions: 'Mehr zu Konflikten',
  undoLast: 'Letzte Lösung oder Wiederherstellung rückgängig machen',
  resolveAll: (n) => `Alle ${format.number(n)} lösen …`,
  resolveSelected: (n) => `${format.number(n)} ausgewählte lösen …`,
  selectConflict: (name) => `${name} auswählen`,

  conflictTitle: (n, name) => `${n === 2 ? 'Zwei' : format.number(n)} Versionen von „${name}“`,
  conflictStory: (n) =>
    `Auf ${n === 2 ? 'zwei' : 'mehreren'} Geräten geändert, bevor abgeglichen werden konnte. Nichts ist verloren: Wählen Sie, was im Ordner stehen soll.`,
  capital,
  noAuthor: 'ein Verzeichnis, das andere Dateien enthält',
  inFolder: (where) => `Ordner: ${where}`,
  versionsLabel: 'Die Versionen',
  versionLetter: (letter) => `Version ${letter}`,
  shownNow: 'Jetzt im Ordner',
  keptBeside: 'Daneben aufbewahrt',
  notHere: 'Kommt von einem anderen Gerät',
  kindOf: { file: 'Datei', symlink: 'Verknüpfung', directory: 'Verzeichnis' },
  linkTo: (target) => `Verknüpfung mit ${target}`,
  openCopy: 'Kopie öffnen',
  openCopyOf: (letter) => `Kopie von Version ${letter} öffnen`,
  compareLabel: 'Vergleich',
  compareWith: 'Vergleiche',
  compareTo: 'mit',
  sideBySide: 'Nebeneinander',
  inline: 'Untereinander',
  swipe: 'Überblenden',
  comparing: 'Die Versionen werden verglichen …',
  cannotCompare: 'Hier lassen sie sich nicht vergleichen.',
  cannotRead: 'Diese Version lässt sich jetzt nicht lesen.',
  noText: 'Weder Text noch Bild: Öffnen Sie Kopien, um sie anzusehen.',
  tooLarge: 'Zu groß, um hier gezeigt zu werden: Öffnen Sie Kopien, um sie anzusehen.',
  differentKinds: 'Eine ist Text, die andere nicht: Öffnen Sie Kopien, um sie anzusehen.',
  tooDifferent: 'Diese Texte haben zu wenig gemeinsam. Öffnen Sie Kopien, um sie anzusehen.',
  sameText: 'Die Texte sind gleich; sie wurden nur anders gespeichert.',
  lineEndsDiffer: 'Auch die Zeilenenden unterscheiden sich.',
  onlyOneEnds: (letter) => `Nur ${letter} endet mit einem Zeilenumbruch.`,
  placesDiffer: (n) => format.count(n, { one: 'Stelle ist anders', other: 'Stellen sind anders' }),
  sameLines: (n) => format.count(n, { one: 'gleiche Zeile', other: 'gleiche Zeilen' }),
  moreRows: (n) =>
    `${format.count(n, { one: 'weitere Zeile', other: 'weitere Zeilen' })} nicht gezeigt: Öffnen Sie Kopien, um alles zu sehen.`,
  diffCaption: (a, b) => `Die Zeilen von Version ${a} und Version ${b}`,
  encodedAs: (letter, encoding, isGuess) =>
    isGuess ? `${letter} ist vermutlich ${encodings[encoding]}` : `${letter} ist ${encodings[encoding]}`,
  pictureOf: (letter) => `Das Bild von Version ${letter}`,
  pixels: (width, height) => `${format.number(width)} × ${format.number(height)}`,
  swipeLabel: (a, b) => `Wie viel von Version ${b} Version ${a} verdeckt`,

  chooseLabel: 'Was auf allen Geräten im Ordner stehen soll',
  keepBoth: 'Beide behalten',
  keepAll: 'Alle behalten',
  keepBothHelp: (who) => `Die andere liegt daneben und heißt „(from ${who})“.`,
  keepAllHelp: 'Die anderen liegen daneben, jede nach ihrem Gerät benannt.',
  keepOf: (letter, who) => `${letter} behalten, von ${dative(who)}`,
  keepOfHelp: (others) =>
    others === 1 ? 'Die andere kommt in den Verlauf.' : 'Die anderen kommen in den Verlauf.',
  mergeByHand: 'Von Hand zusammenführen …',
  decideLater: 'Später entscheiden',
  resolve: 'Lösen',
  shortcut: (n) => `Alt+${n}`,

  mergeByHandTitle: (name) => `„${name}“ von Hand zusammenführen`,
  mergeByHandBody:
    'Wählen Sie an jeder Stelle, wessen Zeilen gelten, und ändern Sie danach den Text nach Belieben. Beide Versionen bleiben im Verlauf.',
  mergePlaces: 'Stellen, die sich unterscheiden',
  mergePlace: (n, of) => `Stelle ${format.number(n)} von ${format.number(of)}`,
  mergeNothing: 'Hier nichts',
  takeOf: (letter) => `${letter} nehmen`,
  takeBoth: 'Beide nehmen',
  mergeResult: 'Der zusammengeführte Text',
  mergeEdited: 'Sie haben den Text selbst geändert; die Auswahl ruht so lange.',
  mergeStartOver: 'Neu aus der Auswahl',
  mergeSavedAs: 'Er wird als UTF-8 gespeichert.',
  mergeSave: 'Text speichern',
  mergeTooLong: 'Das sind mehr als 512 kB. Kürzen Sie ihn, oder benutzen Sie ein anderes Programm.',
  back: 'Zurück',

  batchTitle: (n) => `${format.count(n, { one: 'Konflikt', other: 'Konflikte' })} lösen`,
  batchChoice: 'Für alle',
  batchBoth: 'Beide behalten, nebeneinander',
  batchNewest: 'Die neueste behalten',
  batchShown: 'Behalten, was jetzt im Ordner steht',
  batchDevice: (who) => `Behalten, was von ${dative(who)} kommt`,
  batchPreview: 'Was geschehen würde',
  batchStays: (who, iso, now) => `bleibt im Stand von ${dative(who)}, ${format.moment(iso, now)}`,
  batchAllStay: (n) =>
    n === 2 ? 'beide bleiben, nebeneinander' : `alle ${format.number(n)} bleiben, nebeneinander`,
  batchLeftOpen: 'bleibt offen: keine Version von diesem Gerät',
  batchResolve: (n) => `${format.number(n)} lösen`,
  batchProgress: (done, of) => `${format.number(done)} von ${format.number(of)} gelöst …`,

  resolvedNotice: (n, added) =>
    [
      `${format.count(n, { one: 'Konflikt ist', other: 'Konflikte sind' })} gelöst, auf jedem Gerät, sobald es davon erfährt.`,
      ...(added.length === 0
        ? []
        : [`${format.list(added)} ${added.length === 1 ? 'wurde' : 'wurden'} daneben gelegt.`]),
    ].join(' '),
  restoredNotice: (n, missing) =>
    [
      `${format.count(n, { one: 'Pfad wurde', other: 'Pfade wurden' })} wiederhergestellt.`,
      ...(missing === 0
        ? []
        : [`${format.count(missing, { one: 'Datei hat', other: 'Dateien hat' })} kein verbundenes Gerät.`]),
    ].join(' '),
  undoneNotice: (missing) =>
    missing === 0
      ? 'Rückgängig gemacht.'
      : `Rückgängig gemacht, bis auf ${format.count(missing, { one: 'Änderung', other: 'Änderungen' })}, deren früheren Inhalt kein verbundenes Gerät hat.`,
  undo: 'Rückgängig',
});
