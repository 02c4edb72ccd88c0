import type { ErrorCode, WireError } from '../../../app/ipc/contract.ts';
import type { ErrorWords } from '../en/errors.ts';

type Facts = WireError['facts'];

const at = ({ path }: Facts): string => (path === undefined ? '' : ` (${path})`);

const sentences: Readonly<Record<ErrorCode, (facts: Facts) => string>> = {
  'bad-argument': ({ what }) =>
    what === 'typed-name'
      ? 'So heißt es nicht. Geben Sie den Namen genau so ein, wie er oben steht.'
      : what === 'typed-words'
        ? 'Das sind nicht die beiden Wörter. Sehen Sie noch einmal auf Ihr Papier, oder lassen Sie die Wörter noch einmal zeigen.'
        : what === 'device-key-own'
          ? 'Das ist der Schlüssel dieses Geräts selbst. Geben Sie den ein, den das andere Gerät zeigt.'
          : String(what).startsWith('device-key')
            ? 'Das ist kein vollständiger Geräteschlüssel, oder ein Zeichen stimmt nicht. Kopieren Sie ihn vom anderen Gerät.'
            : 'Das lässt sich hier nicht verwenden. Prüfen Sie die Eingabe und versuchen Sie es erneut.',
  'not-found': ({ what }) =>
    what === 'place'
      ? 'Dieses Verzeichnis wurde nicht eben erst gewählt. Wählen Sie es noch einmal.'
      : what === 'content'
        ? 'Kein verbundenes Gerät hat den Inhalt. Verbinden Sie eines, das ihn haben könnte, und versuchen Sie es erneut.'
        : 'Das gibt es nicht mehr. Vielleicht ist es verschwunden, während Sie es ansahen.',
  ambiguous: () => 'Das passt auf mehr als eines. Geben Sie es genauer an.',
  'already-exists': ({ what }) =>
    what === 'member'
      ? 'Dieses Gerät gehört schon zu Ihren. Es steht unter Ihren Geräten.'
      : what === 'joining'
        ? 'Dieses Gerät wird gerade gekoppelt. Warten Sie, bis das vorbei ist.'
        : 'Das gibt es schon.',
  'directory-missing': (facts) =>
    `Das Verzeichnis gibt es nicht${at(facts)}. Legen Sie es an, oder wählen Sie ein anderes.`,
  'not-a-directory': (facts) => `Das ist kein Verzeichnis${at(facts)}. Wählen Sie ein Verzeichnis.`,
  'folder-inside-folder': () =>
    'Ein Ordner kann nicht in einem anderen liegen. Wählen Sie ein Verzeichnis außerhalb Ihrer anderen Ordner.',
  'folder-elsewhere': () =>
    'Dieses Verzeichnis gehört schon zu einem anderen Ordner. Wählen Sie ein anderes.',
  'home-in-use': () =>
    'Lockstep läuft schon mit denselben Daten, vielleicht als Befehl „lockstep start“. Beenden Sie das und versuchen Sie es erneut.',
  'home-unusable': (facts) =>
    `Lockstep kann den Ort für seine Daten nicht benutzen${at(facts)}. Prüfen Sie, ob er Ihnen gehört und nicht voll ist.`,
  'home-inside-folder': () =>
    'In diesem Verzeichnis liegen die Daten von Lockstep selbst; es kann nicht abgeglichen werden. Wählen Sie ein anderes.',
  'not-running': () => 'Der Abgleich läuft nicht. Versuchen Sie es gleich noch einmal.',
  'timed-out': ({ what }) =>
    what === 'join'
      ? 'Das andere Gerät hat dieses nicht rechtzeitig aufgenommen. Fragen Sie die Person dort, und versuchen Sie es mit einer neuen Einladung.'
      : 'Es dauerte zu lange. Prüfen Sie, ob beide Geräte eingeschaltet und verbunden sind, und versuchen Sie es erneut.',
  'person-needed': () => 'Zuerst ist etwas anderes zu entscheiden. Sehen Sie nach, was auf Sie wartet.',
  'invitation-unreadable': ({ what }) =>
    what === 'own'
      ? 'Diese Einladung wurde auf diesem Gerät gemacht. Fügen Sie sie auf dem anderen ein.'
      : what === 'version'
        ? 'Diese Einladung stammt von einer späteren Version von Lockstep. Aktualisieren Sie Lockstep auf diesem Gerät, und fügen Sie sie erneut ein.'
        : 'Das ist keine vollständige Einladung. Kopieren Sie sie ganz, vom ersten bis zum letzten Zeichen.',
  'invitation-used': () =>
    'Diese Einladung wurde schon benutzt, ist abgelaufen, oder das Gerät, das sie gemacht hat, wurde neu gestartet. Wenn sie benutzt wurde und nicht von Ihnen, sagen Sie es der Person, die sie geschickt hat. Bitten Sie um eine neue.',
  'invitation-refused': ({ what }) =>
    what === 'declined'
      ? 'Die Person am anderen Gerät hat abgelehnt. Bitten Sie um eine neue Einladung, wenn das ein Versehen war.'
      : what === 'not-heard'
        ? 'Das andere Gerät hört diesem nicht zu: Die Einladung ist nicht mehr offen, oder andere fragen dort gerade an. Versuchen Sie es in einer Minute erneut, und bitten Sie dann um eine neue.'
        : what === 'busy'
          ? 'Das andere Gerät nimmt gerade ein weiteres auf. Warten Sie eine Minute, und versuchen Sie es erneut.'
          : what === 'failed'
            ? 'Das andere Gerät konnte dieses nicht aufnehmen: Dort ist etwas fehlgeschlagen. Sehen Sie dort nach, und bitten Sie dann um eine neue Einladung.'
            : what === 'expired'
              ? 'Am anderen Gerät hat niemand rechtzeitig geantwortet. Bitten Sie um eine neue Einladung.'
              : 'Das andere Gerät hat abgelehnt. Bitten Sie dort um eine neue Einladung.',
  'pairing-refused': ({ what }) =>
    what === 'wrong-code' || what === 'unverified'
      ? 'Diese Geräte konnten nicht bestätigt werden: Die sechs Ziffern waren nicht gleich. Vielleicht greift jemand in diesem Netz ein. Benutzen Sie eine Einladung.'
      : what === 'expired'
        ? 'Niemand hat rechtzeitig geantwortet. Beginnen Sie auf beiden Geräten neu.'
        : what === 'declined' || what === 'declined-here'
          ? 'Das Koppeln wurde abgebrochen. Beginnen Sie auf beiden Geräten neu, wenn das ein Versehen war.'
          : what === 'busy'
            ? 'Das andere Gerät koppelt sich gerade mit einem weiteren. Warten Sie eine Minute, und beginnen Sie dann auf beiden Geräten neu.'
            : what === 'failed'
              ? 'Das andere Gerät konnte es nicht: Dort ist etwas fehlgeschlagen. Sehen Sie dort nach, und beginnen Sie dann auf beiden Geräten neu.'
              : 'Das andere Gerät ist nicht bereit, sich mit diesem zu koppeln. Öffnen Sie dort „Gerät hinzufügen“.',
  'already-in-group': () =>
    'Dieses Gerät gehört schon zu anderen Geräten. Um anderen beizutreten, müsste es diese zuerst verlassen.',
  'no-group': () => 'Es gibt noch keine anderen Geräte. Laden Sie zuerst eines ein.',
  'not-member': () => 'Dieses Gerät gehört nicht zu Ihren.',
  unreachable: () =>
    'Das andere Gerät war nicht zu erreichen. Prüfen Sie, ob es eingeschaltet und im selben Netz ist.',
  'key-unreadable': (facts) =>
    `Der Schlüssel dieses Geräts lässt sich nicht lesen${at(facts)}. Holen Sie die Datei aus einer Sicherung zurück und starten Sie Lockstep neu; von selbst legt es keinen neuen an.`,
  'key-exposed': (facts) =>
    `Andere auf diesem Computer können den Schlüssel dieses Geräts lesen${at(facts)}. Nehmen Sie ihnen dieses Recht und versuchen Sie es erneut.`,
  'key-locked': ({ what }) =>
    what === 'keyring' || what === 'os-store'
      ? 'Der Schlüsselspeicher des Systems, der den Schlüssel dieses Geräts öffnet, ist gesperrt oder nicht da. Entsperren Sie ihn und versuchen Sie es erneut.'
      : what === 'passphrase'
        ? 'Der Schlüssel dieses Geräts ist mit einer Passphrase verschlossen. Starten Sie es mit dem Befehl „lockstep start“, der danach fragt.'
        : 'Die Identität dieses Geräts lässt sich nicht öffnen: Das Geheimnis zu seinem Schlüssel ist weg, oder seine Daten stammen von einem anderen Computer. Lockstep legt nicht von selbst einen neuen Schlüssel an.',
  'index-unreadable': () =>
    'Was Lockstep über einen Ordner weiß, lässt sich nicht lesen. Der Ordner wird noch einmal geprüft.',
  'disk-failed': (facts) =>
    `Das Laufwerk hat es nicht ausgeführt${at(facts)}. Prüfen Sie das Laufwerk und seine Rechte.`,
  'no-space': () => 'Das Laufwerk ist voll. Schaffen Sie Platz und versuchen Sie es erneut.',
  'peer-misbehaved': () =>
    'Das andere Gerät hat etwas Unverständliches geantwortet. Prüfen Sie, ob auf beiden dieselbe Version läuft.',
  'version-unsupported': () =>
    'Auf dem anderen Gerät läuft eine andere Version von Lockstep. Aktualisieren Sie beide.',
  'not-allowed': ({ what }) =>
    what === 'recovery-code'
      ? 'Das sind nicht die Wiederherstellungswörter dieser Geräte. Geben Sie alle zwölf ein, wie sie auf dem Papier stehen.'
      : what === 'removed-already'
        ? 'Dieses Gerät wurde schon entfernt.'
        : what === 'remove-self'
          ? 'Ein Gerät kann sich nicht selbst entfernen. In den Einstellungen kann es die anderen verlassen.'
          : what === 'folder-paused'
            ? 'Der Ordner ist angehalten. Setzen Sie ihn zuerst fort.'
            : what === 'undone-already'
              ? 'Das wurde schon rückgängig gemacht.'
              : what === 'directory-in-the-way' || what === 'file-in-the-way'
                ? 'Etwas anderes dieses Namens ist im Weg. Verschieben Sie es zuerst.'
                : 'Das ist jetzt nicht erlaubt. Versuchen Sie es gleich noch einmal.',
  interrupted: ({ what }) =>
    what === 'pairing'
      ? 'Das andere Gerät hat das Koppeln abgebrochen. Beginnen Sie auf beiden Geräten neu.'
      : 'Es wurde unterbrochen. Versuchen Sie es erneut.',
  internal: () =>
    'In Lockstep ist ein Fehler aufgetreten. Ihre Dateien sind unverändert. Starten Sie es neu, wenn der Fehler wiederkommt.',
};

export const deErrors: ErrorWords = {
  explainError: ({ code, facts }) => (sentences[code] ?? sentences.internal)(facts),
};
