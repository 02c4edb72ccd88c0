import type { AskWords } from '../en/asks.ts';
import type { Format } from '../format.ts';
import { devices } from './nouns.ts';

export const deAsks = (format: Format): AskWords => ({
  cancel: 'Abbrechen',
  keyWords: 'Prüfwörter',
  removeTitle: (name) => `„${name}“ von allen Ihren Geräten entfernen?`,
  removeBody:
    'Sobald eines Ihrer Geräte ein anderes erreicht, weiß auch dieses davon. Von da an wird dem entfernten Gerät nichts mehr gesendet und nichts mehr von ihm angenommen. Was darauf liegt, bleibt darauf: Lockstep kann es nicht löschen.',
  removeField: (name) => `Geben Sie zum Fortfahren seinen Namen ein: ${name}`,
  removeConfirm: (n) => (n === 1 ? 'Endgültig entfernen' : `${format.count(n, devices)} endgültig entfernen`),
  removeToo: 'Wird mit ihm entfernt',
  removeStaying: 'Diese hat es hereingelassen, und sie bleiben',
  removeVoids: (iso) => `Was es seit ${format.date(iso)} an der Gruppe geändert hat, zählt nicht mehr.`,
  removeUndoes: (iso) => `Was es seit ${format.date(iso)} an Dateien geändert hat, wird zurückgenommen.`,
  removeForGood:
    'Mit diesem Schlüssel kann es nicht zurückkommen. Taucht es wieder auf, wird es neu eingerichtet.',

  recoverTitle: 'Mit dem Wiederherstellungscode entscheiden',
  recoverBody:
    'Der Wiederherstellungscode hat das letzte Wort: Von jetzt an gehören genau die hier genannten Geräte zusammen, was auch immer ein Gerät zuvor entschieden hat.',
  recoverKeep: 'Bleibt',
  recoverRemove: 'Wird endgültig entfernt',
  recoverField: 'Die zwölf Wörter, wie sie auf dem Papier stehen',
  recoverConfirm: 'Endgültig entscheiden',

  leaveTitle: 'Ihre anderen Geräte verlassen?',
  leaveBody: (others) =>
    others === 0
      ? 'Dieses Gerät vergisst die Gruppe, zu der es gehört. Deren Wiederherstellungscode nützt dann nichts mehr.'
      : `Dieses Gerät gleicht nicht mehr mit ${format.count(others, { one: 'anderen Gerät', other: 'anderen Geräten' })} ab.`,
  leaveAfter:
    'Die Dateien bleiben, wo sie sind, hier wie dort. Um wieder abzugleichen, muss es neu hereingelassen werden.',
  leaveConfirm: 'Verlassen',

  anewTitle: 'Dieses Gerät neu einrichten?',
  anewBody:
    'Es bekommt einen neuen Schlüssel, damit Ihre anderen Geräte es als neues Gerät wieder hereinlassen können. Sein jetziger Schlüssel bleibt entfernt.',
  anewAfter:
    'Ihre Dateien bleiben, wo sie sind. Wählen Sie danach wieder dieselben Verzeichnisse: Gleiches wird nicht noch einmal gesendet, und wo sich etwas unterscheidet, bleiben beide Versionen erhalten.',
  anewConfirm: 'Neu einrichten',

  recoveryTitle: 'Schreiben Sie diese zwölf Wörter auf',
  recoveryBody:
    'Sie sind der Wiederherstellungscode Ihrer Geräte und werden nur jetzt gezeigt. Wird ein Gerät gestohlen und gegen die anderen benutzt, entscheidet, wer die Wörter hat, welche Geräte zusammengehören.',
  recoveryLimits:
    'Dateien bringen sie nicht zurück, und sie sind nirgends gespeichert: Schreiben Sie sie auf Papier, nicht auf ein Gerät. Niemand kann Ihnen die Wörter noch einmal nennen.',
  recoveryLabel: 'Die zwölf Wiederherstellungswörter',
  print: 'Drucken …',
  written: 'Ich habe sie auf Papier',
  typeBackTitle: 'Zwei der Wörter, zur Sicherheit',
  typeBackBody: (one, two) =>
    `Sehen Sie auf Ihr Papier und geben Sie Wort ${one} und Wort ${two} ein, mit einem Leerzeichen dazwischen.`,
  typeBackField: (one, two) => `Wort ${one} und Wort ${two}`,
  typeBackConfirm: 'Fertig',
  showAgain: 'Wörter noch einmal zeigen',
});
