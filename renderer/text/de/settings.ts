import type { SettingsWords } from '../en/settings.ts';
import type { Format } from '../format.ts';

export const deSettings = (format: Format): SettingsWords => ({
  thisDeviceTitle: 'Dieses Gerät',
  nameField: 'Name',
  nameHelp: 'So nennen es Ihre anderen Geräte.',
  nameSave: 'Speichern',
  lookTitle: 'Fenster',
  theme: 'Farben',
  themes: { system: 'Wie das System', light: 'Hell', dark: 'Dunkel' },
  language: 'Sprache',
  languages: { system: 'Wie das System', en: 'English', de: 'Deutsch', zh: '中文' },
  startTitle: 'Start',
  autostart: 'Beim Anmelden starten',
  autostartHelp: 'Lockstep wartet dann im Infobereich und gleicht ab, sobald Sie sich anmelden.',
  notificationsTitle: 'Mitteilungen',
  notifications: 'Mitteilen, wenn etwas auf mich wartet',
  notificationsHelp:
    'Ein Gerät, das beitreten möchte, ein Konflikt, eine Frage, ein entferntes Gerät. Nie, dass der Abgleich fertig ist.',
  pauseTitle: 'Abgleich',
  pauseNow:
    'Der Abgleich läuft von selbst. Halten Sie ihn mit der Schaltfläche oben für eine Zeit an, oder einen einzelnen Ordner in der Ansicht „Ordner“.',
  pausedNow: 'Der Abgleich ist angehalten. Setzen Sie ihn mit der Schaltfläche oben fort.',
  keepDays: 'Frühere Versionen behalten (Tage)',
  maxShare: 'Höchstens so viel des Laufwerks (Prozent)',
  massShare: 'Wenn mehr als so viel eines Ordners verschwände (Prozent)',
  massCount: 'und mehr als so viele Dateien',
  advanced: 'Erweitert',
  saveSettings: 'Speichern',
  numberWrong: (least, most) => `Von ${format.number(least)} bis ${format.number(most)}.`,
  groupTitle: 'Ihre Geräte zusammen',
  groupNone: 'Dieses Gerät gehört noch nicht zu anderen.',
  groupRecovery: 'Sie haben einen Wiederherstellungscode.',
  groupNoRecovery:
    'Sie haben keinen Wiederherstellungscode. Er entsteht nur, wenn Geräte zum ersten Mal zusammenkommen.',
  leaveGroup: 'Verlassen …',
  helpTitle: 'Hilfe',
  report: 'Bericht speichern …',
  reportHelp:
    'Ein Text mit dem, was Lockstep über seinen Zustand weiß, und dem Ende seines Protokolls, um einen Fehler zu finden. Lesen Sie ihn, bevor Sie ihn senden: Namen von Ordnern, Dateien und Geräten stehen darin; keine Schlüssel und nichts vom Inhalt Ihrer Dateien.',
  reportSaved: 'Der Bericht ist gespeichert.',
  version: (version) => `Lockstep ${version}`,

  questionsTitle: 'Wartet auf Ihre Entscheidung',
  questionYes: {
    'mass-change': 'Zulassen',
    'removed-device': 'Wieder aufnehmen',
    'pending-device': 'Hereinlassen',
  },
  questionNo: {
    'mass-change': 'Dateien zurückholen',
    'removed-device': 'Weglassen',
    'pending-device': 'Ablehnen',
  },
  questionSince: (iso, now) =>
    `Seit: ${format.moment(iso, now)}. Bis Sie entscheiden, geschieht davon hier nichts weiter.`,
  answeredApply: 'Es ist zugelassen.',
  answeredUndo: 'Es ist nicht zugelassen: Was da war, ist zurück oder bleibt.',
  questionBadge: (n) => format.count(n, { one: 'Frage wartet', other: 'Fragen warten' }),

  chooseWhat: 'Wählen, was hier bleibt …',
  chooseTitle: (name) => `Was von „${name}“ bleibt`,
  chooseHere: 'Auf diesem Gerät',
  chooseAll: 'Alles',
  chooseSome: 'Nur diese Verzeichnisse',
  chooseSomeHelp:
    'Was von den anderen hier liegt, bleibt, wird aber nicht mehr abgeglichen. Dateien neben den Verzeichnissen bleiben immer dabei.',
  chooseNone: 'Es gibt noch keine Verzeichnisse darin.',
  ignoreTitle: 'Auf allen Geräten ausgelassen',
  ignoreHelp:
    'Muster wie in einer .gitignore, eines nach dem anderen: *.tmp, build/, /notizen.txt. Was passt, wird weder gesendet noch geändert noch gelöscht.',
  ignoreList: 'Muster',
  ignoreNone: 'Nichts wird ausgelassen.',
  ignoreField: 'Neues Muster',
  ignoreAdd: 'Hinzufügen',
  ignoreRemove: (pattern) => `${pattern} entfernen`,
  ignoreTestField: 'Pfad ausprobieren',
  ignoreTest: 'Ausprobieren',
  ignoreSays: (path, isIgnored, rule) =>
    isIgnored
      ? `„${path}“ wird ausgelassen${rule === null ? '' : `, wegen ${rule}`}.`
      : `„${path}“ wird abgeglichen.`,

  firstWelcome: 'Willkommen bei Lockstep',
  firstIntro: 'Es hält Ordner auf Ihren Geräten gleich. Nichts liegt auf einem Server.',
  firstStep: (step) => `Schritt ${step} von 3`,
  firstNameTitle: 'Geben Sie diesem Gerät einen Namen',
  firstNameHelp: 'So werden es Ihre anderen Geräte nennen.',
  firstNext: 'Weiter',
  firstBack: 'Zurück',
  firstLater: 'Später erledigen',
  firstChooseTitle: 'Wie möchten Sie beginnen?',
  firstFolder: 'Mit einem Ordner',
  firstFolderHelp: 'Das ist mein erstes Gerät mit Lockstep. Ich wähle ein Verzeichnis, das abgeglichen wird.',
  firstJoin: 'Einem Gerät beitreten, das ich schon benutze',
  firstJoinHelp: 'Ein anderes Gerät von mir hat Lockstep. Ich möchte dessen Ordner auch hier.',
  firstCodeTitle: 'Ihr Wiederherstellungscode',
  firstCodeBody:
    'Zwölf Wörter auf Papier entscheiden, welche Geräte zusammengehören, falls eines gestohlen und gegen die anderen benutzt wird. Sie werden einmal gezeigt, in einem eigenen Fenster; zwei davon geben Sie zurück ein.',
  firstCodeShow: 'Die zwölf Wörter zeigen',
  firstCodeDone:
    'Sie haben den Wiederherstellungscode. Bewahren Sie das Papier getrennt von Ihren Geräten auf.',
  firstCodeJoined:
    'Die Geräte, denen Sie beigetreten sind, haben einen Wiederherstellungscode, wenn einer entstand, als sie zum ersten Mal zusammenkamen. Er wurde dort gezeigt und gilt auch für dieses Gerät.',
  firstFinish: 'Fertig',
  firstJoinWays: 'Wie möchten Sie beitreten?',
});
