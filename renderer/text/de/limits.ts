import type { LimitsWords } from '../en/limits.ts';
import type { Format } from '../format.ts';

export const deLimits = (format: Format): LimitsWords => ({
  limitsTitle: 'Nutzung des Netzes',
  limitUp: 'Höchstens senden (kB/s)',
  limitDown: 'Höchstens empfangen (kB/s)',
  limitNone: 'Ohne Grenze',
  limitWrong: (least) => `Leer lassen, oder mindestens ${format.number(least)}.`,
  limitLan: 'Nicht zwischen Geräten im selben lokalen Netz',
  limitLanHelp: 'Zu Hause oder bei der Arbeit sind sie so schnell, wie es geht.',
  scheduleTitle: 'Zeiten',
  scheduleHelp: 'Zeiten der Woche, zu denen der Abgleich ruht oder langsamer läuft.',
  scheduleNone: 'Keine: die ganze Woche ist gleich.',
  scheduleAdd: 'Zeit hinzufügen',
  scheduleRemove: (entry) => `„${entry}“ entfernen`,
  scheduleDays: 'Tage',
  scheduleDayChoices: { all: 'Jeden Tag', work: 'Montag bis Freitag', end: 'Samstag und Sonntag' },
  scheduleFrom: 'Von',
  scheduleTo: 'Bis',
  scheduleDoes: 'Was geschieht',
  scheduleDoesChoices: { pause: 'Anhalten', limit: 'Begrenzen' },
  scheduleEntry: (days, from, to) => `${days}, ${from} bis ${to}`,
  schedulePauses: 'der Abgleich ruht',
  scheduleSends: (rate) => `sendet höchstens ${rate}`,
  scheduleReceives: (rate) => `empfängt höchstens ${rate}`,
});
