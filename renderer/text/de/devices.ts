import type { DeviceListing } from '../../../app/ipc/contract.ts';
import type { DeviceWords } from '../en/devices.ts';
import type { Format } from '../format.ts';
import { capital, dative, files } from './nouns.ts';

const methods: Readonly<Record<NonNullable<DeviceListing['method']>, string>> = {
  founder: 'Hat diese Gruppe gegründet',
  sas: 'In der Nähe gekoppelt, mit sechs Ziffern',
  invite: 'Kam durch eine Einladung',
  typed: 'Durch eingegebene Schlüssel gekoppelt',
};
const reasons = { lost: 'verloren', stolen: 'gestohlen', retired: 'ausgemustert' } as const;

export const deDevices = (format: Format): DeviceWords => ({
  details: 'Details …',
  detailsOf: (name) => `Details von ${name}`,
  deviceTitle: (name) => name,
  howPaired: 'Wie es dazukam',
  pairedBy: (method, by) =>
    by === undefined ? `${methods[method]}.` : `${methods[method]}, auf ${dative(by)}.`,
  pairedUnknown: 'Das ist hier nicht bekannt.',
  connection: 'Verbindung',
  connectedVia: (address) =>
    address === '' ? 'Verbunden, verschlüsselt.' : `Direkt verbunden, verschlüsselt, unter ${address}.`,
  notConnected: 'Zurzeit nicht verbunden.',
  removals: 'Entfernte Geräte',
  knowsRemovals: 'Es weiß von jedem entfernten Gerät.',
  missesRemovals: (names) =>
    `Es weiß noch nicht, dass ${format.list(names)} entfernt ${names.length === 1 ? 'wurde' : 'wurden'}. Bis dahin würde es noch damit abgleichen: Verbinden Sie es einmal.`,
  holds: 'Ordner',
  holdsNone: 'Keinen der Ordner von hier, soweit jetzt bekannt.',
  alarms: 'Warnung',
  alarm: (kind) =>
    kind === 'identity-in-two-places'
      ? 'Seine Identität wird an zwei Orten benutzt: eine kopierte Festplatte, eine eingespielte Sicherung oder Diebstahl. Wenn Sie keine Sicherung eingespielt haben, entfernen Sie es und richten Sie es neu ein.'
      : `Etwas stimmt damit nicht (${kind}).`,
  timeline: 'Was geschehen ist',
  timelineTitle: 'Wer kam und ging',
  event: (event, nameOf) => {
    const who = format.list(event.devices.map(nameOf));
    const by = nameOf(event.by);
    const said = {
      founded: `${by} hat die Gruppe gegründet`,
      added: `${by} hat ${who} hinzugefügt`,
      removed: `${by} hat ${who} entfernt${event.how === 'lost' || event.how === 'stolen' || event.how === 'retired' ? ` (${reasons[event.how]})` : ''}`,
      recovered: `${by} hat mit dem Wiederherstellungscode entschieden: ${who} gehören zusammen`,
    }[event.kind];
    const sentence = capital(said);
    return event.counts ? sentence : `${sentence} (zählt nicht mehr, weil ein Gerät entfernt wurde)`;
  },
  eventAt: (at, now) => (at === null ? 'Zeit unbekannt' : format.moment(at, now)),
  clocksNote: 'Angegeben ist, wann dieses Gerät davon erfuhr, nach seiner eigenen Uhr.',
  renameField: 'Name auf diesem Gerät',
  renameSave: 'Speichern',
  reviewChanges: 'Was es geändert hat …',
  removeDevice: 'Gerät entfernen …',
  letInAgain: 'Wieder hereinlassen',
  suspendedBody:
    'Wer dieses Gerät hereingelassen hat, wurde entfernt; deshalb gilt es jetzt nicht als vertraut. Wenn es Ihres ist, lassen Sie es wieder herein.',
  recoveryEntry: 'Ich habe den Wiederherstellungscode …',
  recoveryEntryBody:
    'Mit dem Wiederherstellungscode wird endgültig entfernt: Kein Gerät kann dem etwas entgegensetzen, und Geräte, die im Streit entfernt wurden, bleiben, wenn Sie es sagen.',

  whoHeard: 'Wer davon weiß',
  heardAll: 'Jedes andere Gerät weiß davon.',
  heardYes: (name) => `${name} weiß davon`,
  heardNot: (name, lastSeen, now) =>
    `${name} weiß noch nicht davon${lastSeen === null ? '' : `, zuletzt gesehen ${format.ago(lastSeen, now)}`}`,
  heardUntil: 'Bis dahin würde es noch mit dem entfernten Gerät abgleichen: Verbinden Sie es einmal.',
  removedChip: (notHeard) =>
    notHeard === 0
      ? 'Entfernt'
      : `Entfernt, ${format.count(notHeard, { one: 'Gerät weiß', other: 'Geräte wissen' })} es noch nicht`,

  removeTitle2: (name) => `„${name}“ entfernen`,
  removeDoes: 'Was dadurch geschieht',
  removeDoesList: [
    'Sobald eines Ihrer Geräte davon weiß, sendet es dem Gerät nichts mehr und nimmt nichts mehr von ihm an. Jedes sagt es denen weiter, die es trifft, ohne Server.',
    'Das Gerät kann das nicht rückgängig machen, nicht zurückkommen und kein anderes hereinlassen.',
  ],
  removeCannot: 'Was dadurch nicht geschieht',
  removeCannotList: [
    'Dateien, die schon darauf sind, bleiben darauf. Lockstep kann sie nicht löschen: Ändern Sie Passwörter, die in diesen Ordnern stehen.',
    'Ein Gerät von Ihnen, das aus ist, weiß es noch nicht. Bis es ein anderes getroffen hat, würde es noch mit dem entfernten abgleichen.',
  ],
  removeReason: 'Grund',
  removeReasons: { stolen: 'Gestohlen', lost: 'Verloren', retired: 'Verkauft oder nicht mehr benutzt' },
  removeAddedTitle: 'Diese Geräte hat es hereingelassen',
  removeAddedBody: 'Sie werden mit entfernt, wenn Sie die Markierung nicht löschen.',
  removeAddedBy: (name, by) => `${name}, hereingelassen von ${dative(by)}`,
  removeVoid: 'Wen es hinzugefügt oder entfernt hat, zählt nicht mehr seit',
  removeUndo: 'Seine Änderungen an Dateien zurücknehmen seit',
  fromNone: 'Alles so lassen',
  removeUndoCount: (n) =>
    n === 0
      ? 'In dieser Zeit hat es nichts geändert, was nicht schon wieder wie zuvor ist.'
      : `${format.count(n, files)} in dieser Zeit von ihm geändert.`,
  removeGo: 'Weiter …',
  removeNext: 'Danach fragt ein eigenes Fenster nach dem Namen des Geräts.',
  removedTitle: (name) => `„${name}“ ist entfernt`,
  removedUndone: (n) => `${format.count(n, files)} wie zuvor zurückgelegt.`,
  removedPasswords:
    'Was darauf liegt, bleibt dort lesbar. Ändern Sie Passwörter, die in diesen Ordnern stehen, und melden Sie das Gerät von Konten ab.',

  changesTitle: (name) => `Was „${name}“ geändert hat`,
  changesSince: 'Seit',
  changesNone:
    'Es gibt nichts zurückzulegen: In dieser Zeit hat es nichts geändert, soweit hier bekannt, oder alles davon ist wieder wie zuvor.',
  changesBody: 'Markiertes wird zurückgelegt, wie es zuvor war. Was jetzt da ist, bleibt im Verlauf.',
  changesLabel: 'Änderungen',
  changeLine: (kind, isNew) => (kind === 'deleted' ? 'gelöscht' : isNew ? 'angelegt' : 'geändert'),
  changeSelect: (name) => `${name} auswählen`,
  putBack: (n) => (n === 0 ? 'Markierte zurücklegen' : `${format.number(n)} markierte zurücklegen`),
  putBackAll: (n) => (n < 2 ? 'Alles zurücklegen' : `Alle ${format.number(n)} zurücklegen`),

  outTitle: (by) =>
    by.length === 0
      ? 'Dieses Gerät wurde entfernt'
      : `Dieses Gerät wurde von ${format.list(by.map(dative))} entfernt`,
  outSuspended: 'Dieses Gerät gilt jetzt nicht als vertraut',
  outWhen: (at, now, how) =>
    [
      at === null ? '' : `Bekannt seit: ${format.moment(at, now)}. `,
      how === 'stolen' || how === 'lost' ? `Angegebener Grund: ${reasons[how]}. ` : '',
    ].join(''),
  outBody: 'Es gleicht mit keinem Gerät mehr ab. Ihre Dateien darauf sind unverändert.',
  outSuspendedBody:
    'Wer es hereingelassen hat, wurde entfernt. Öffnen Sie auf einem anderen Ihrer Geräte „Geräte“ und lassen Sie dieses wieder herein. Ihre Dateien darauf sind unverändert.',
  outMutual: (by) =>
    `Dieses Gerät und ${format.list(by)} haben einander entfernt. Keines kann abgleichen, bis der Wiederherstellungscode entscheidet oder eines neu eingerichtet wird.`,
  outMine: 'Das war ich',
  outMineBody:
    'Richten Sie es neu ein, um es wieder mit den anderen zu benutzen: Es bekommt einen neuen Schlüssel, und die anderen lassen es als neues Gerät herein.',
  outMineButton: 'Neu einrichten …',
  outTheirs: 'Das war nicht ich',
  outTheirsBody: (by) =>
    `Dann ist ${format.list(by)} vielleicht in fremden Händen. Entfernen Sie ${by.length === 1 ? 'dieses Gerät' : 'diese Geräte'} überall: Jedes Ihrer Geräte, das davon erfährt, tut dasselbe.`,
  outTheirsButton: (by) => `${format.list(by)} entfernen …`,
  outCode: 'Ich habe den Wiederherstellungscode',
  outCodeBody: 'Er hat das letzte Wort über jedes Gerät.',
  outCodeButton: 'Damit entscheiden …',

  recoverPickTitle: 'Mit dem Wiederherstellungscode entscheiden',
  recoverPickBody:
    'Markieren Sie die Geräte, die von jetzt an zusammengehören. Alle anderen werden endgültig entfernt. Danach fragt ein eigenes Fenster nach den zwölf Wörtern.',
  recoverPickLabel: 'Geräte, die bleiben',
  recoverPickGo: 'Weiter …',
  recoverNoCode:
    'Diese Geräte haben keinen Wiederherstellungscode: Er entsteht nur, wenn sie zum ersten Mal zusammenkommen.',
  thisOne: (name) => `${name} (dieses Gerät)`,
});
