import type { ActivityWords } from '../en/activity.ts';
import type { Format } from '../format.ts';
import { capital, dative, items } from './nouns.ts';

export const deActivity = (format: Format): ActivityWords => ({
  movingTitle: 'Jetzt',
  movingNothing: 'Zurzeit wird nichts übertragen.',
  movingReceive: (n, bytes, etaS) =>
    `noch ${format.count(n, items)}, ${format.size(bytes)}${etaS === null ? '' : ` · noch etwa ${format.span(etaS)}`}`,
  movingSend: (n) =>
    `${format.count(n, { one: 'hiesige Änderung wird', other: 'hiesige Änderungen werden' })} gleich gesendet`,
  movingBehind: (name, n) => `${capital(name)}: noch ${format.count(n, items)}`,
  movingFrom: (name, bps) => `↓ ${format.rate(bps)} von ${name}`,
  movingTo: (name, bps) => `↑ ${format.rate(bps)} an ${name}`,
  sameOn: (names) => `Auch auf: ${format.list(names.map(dative))}`,
  recentTitle: 'Was geschehen ist',
  activityFolder: 'Ordner',
  allFolders: 'Alle Ordner',
  noActivityTitle: 'Noch ist nichts geschehen',
  noActivityBody:
    'Änderungen in Ihren Ordnern, von hier oder von Ihren anderen Geräten, stehen hier und lassen sich rückgängig machen. Ändern Sie eine Datei, um es zu sehen.',
  noActivityAlone:
    'Fügen Sie in der Ansicht „Ordner“ einen Ordner hinzu; dann stehen seine Änderungen hier und lassen sich rückgängig machen.',
  happened: (item, who) =>
    ({
      written: `von ${dative(who)} ${item.isNew ? 'hinzugefügt' : 'geändert'}`,
      deleted: `von ${dative(who)} gelöscht`,
      conflict: 'an zwei Orten geändert',
      resolved: `Konflikt von ${dative(who)} gelöst`,
      kept: `behalten, obwohl von ${dative(who)} gelöscht, denn es wurde inzwischen geändert`,
      restored: `von ${dative(who)} wiederhergestellt`,
      undone: `von ${dative(who)} zurückgesetzt`,
      allowed: `große Änderung von ${dative(who)} zugelassen`,
      'set-aside': 'Änderungen eines Geräts, das sie nicht mehr machen durfte, wurden beiseitegelegt',
    })[item.kind],
  undoItem: (name) => `Änderung von ${name} rückgängig machen`,
  showHistory: (name) => `Versionen von ${name}`,
  showConflict: (name) => `Konflikt von ${name} lösen`,
  resolveShort: 'Lösen …',
  versionsShort: 'Versionen',
});
