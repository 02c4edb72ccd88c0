import type { PathProblem, PathProblemKind, PathReason } from '../../../app/ipc/contract.ts';
import type { ProblemWords } from '../en/problems.ts';
import { dative } from './nouns.ts';

const problems: Readonly<Record<PathProblemKind, { readonly cause: string; readonly action: string }>> = {
  unreadable: {
    cause: 'Es lässt sich hier nicht lesen.',
    action: 'Prüfen Sie die Rechte; Lockstep versucht es von selbst erneut.',
  },
  unwritable: {
    cause: 'Es lässt sich hier nicht ändern.',
    action: 'Prüfen Sie die Rechte, auch die des Verzeichnisses; Lockstep versucht es von selbst erneut.',
  },
  'name-not-text': {
    cause: 'Der Name ist kein gültiger Text.',
    action: 'Benennen Sie es um; bis dahin bleibt es nur auf diesem Gerät.',
  },
  'name-too-long': {
    cause: 'Der Name ist zu lang für dieses Laufwerk.',
    action: 'Geben Sie ihm auf einem Gerät, das es hat, einen kürzeren Namen.',
  },
  'name-clash': {
    cause:
      'Ein anderer Name hier unterscheidet sich nur so, dass viele Systeme beide nicht auseinanderhalten.',
    action: 'Benennen Sie eines von beiden um.',
  },
  'name-not-allowed': {
    cause: 'Dieses Laufwerk erlaubt den Namen nicht.',
    action: 'Benennen Sie es auf einem Gerät um, das es hat.',
  },
  'name-reserved': {
    cause: 'Der Name ist für Lockstep reserviert oder in einem Ordner nicht möglich.',
    action: 'Benennen Sie es um; bis dahin bleibt es nur auf diesem Gerät.',
  },
  'special-file': {
    cause: 'Es ist weder Datei noch Verzeichnis noch Verknüpfung.',
    action: 'Nichts: So etwas bleibt nur auf diesem Gerät.',
  },
  'link-target-not-text': {
    cause: 'Die Verknüpfung zeigt auf einen Namen, der kein gültiger Text ist.',
    action: 'Legen Sie die Verknüpfung neu an.',
  },
  'nested-mount': {
    cause: 'Hier ist ein anderes Laufwerk eingehängt.',
    action: 'Fügen Sie es als eigenen Ordner hinzu, wenn es abgeglichen werden soll.',
  },
  changing: {
    cause: 'Es wird ständig darin geschrieben.',
    action: 'Nichts: Es wird gesendet, sobald es ruht.',
  },
  'no-space': {
    cause: 'Auf diesem Laufwerk ist nicht genug Platz.',
    action: 'Schaffen Sie Platz; Lockstep macht von selbst weiter.',
  },
  'disk-error': {
    cause: 'Das Laufwerk hat einen Fehler gemeldet.',
    action: 'Prüfen Sie das Laufwerk; Lockstep versucht es von selbst erneut.',
  },
  'no-holder': {
    cause: 'Kein verbundenes Gerät hat es.',
    action: 'Verbinden Sie ein Gerät, das es hat.',
  },
  lingering: {
    cause: 'Das Verzeichnis wurde anderswo entfernt, enthält hier aber etwas, das nicht abgeglichen wird.',
    action: 'Verschieben oder löschen Sie das.',
  },
  'kind-not-supported': {
    cause: 'Dieses Laufwerk kann so etwas nicht aufnehmen.',
    action: 'Legen Sie den Ordner auf ein anderes Laufwerk, um es hier zu haben.',
  },
  'past-too-large': {
    cause: 'Zu viele Geräte haben es zugleich geändert.',
    action: 'Speichern Sie es auf einem Gerät noch einmal.',
  },
  'mass-change': {
    cause: 'Ein großer Teil des Ordners würde entfernt oder ersetzt.',
    action: 'Entscheiden Sie, ob das gewollt ist.',
  },
  'local-change': {
    cause: 'Es wurde hier geändert, in einem Ordner, der nur empfängt; die Änderung bleibt hier.',
    action: 'Nehmen Sie die Änderung an, damit die anderen Geräte sie bekommen, oder verwerfen Sie sie.',
  },
  'read-only': {
    cause:
      'Es wurde hier geändert, in einem Ordner, den dieses Gerät nur lesen darf; die Änderung bleibt hier.',
    action:
      'Verwerfen Sie die Änderung, oder erlauben Sie auf einem anderen Gerät, dass dieses den Ordner ändert.',
  },
  'ignored-change': {
    cause:
      'Ein Gerät, das diesen Ordner nur lesen darf, hat es geändert; die Änderung wird nicht übernommen.',
    action: 'Verwerfen Sie die Änderung auf jenem Gerät, oder erlauben Sie ihm, den Ordner zu ändern.',
  },
  'not-taken': {
    cause: 'Es wurde anderswo geändert; dieser Ordner sendet nur, deshalb bleibt es hier, wie es ist.',
    action: 'Lassen Sie den Stand von hier für alle gelten, oder übernehmen Sie den der anderen.',
  },
  'root-missing': {
    cause: 'Das Verzeichnis ist nicht da. Nirgends wurde etwas gelöscht.',
    action:
      'Verbinden Sie sein Laufwerk, oder legen Sie das Verzeichnis zurück; Lockstep macht von selbst weiter.',
  },
  'root-not-directory': {
    cause: 'Wo das Verzeichnis war, liegt etwas anderes. Nirgends wurde etwas gelöscht.',
    action: 'Legen Sie das Verzeichnis zurück.',
  },
  'marker-missing': {
    cause:
      'Dem Verzeichnis fehlt das Zeichen, das es zu diesem Ordner macht: Vielleicht ist es die leere Stelle, an die ein Laufwerk gehört. Nirgends wurde etwas gelöscht.',
    action:
      'Verbinden Sie das Laufwerk. Wenn es das richtige Verzeichnis ist, entfernen Sie den Ordner hier und fügen Sie ihn wieder hinzu.',
  },
  'marker-other': {
    cause: 'Das Verzeichnis gehört zu einem anderen Ordner.',
    action: 'Legen Sie das richtige Verzeichnis an seine Stelle.',
  },
  'root-unreadable': {
    cause: 'Das Verzeichnis lässt sich nicht lesen. Nirgends wurde etwas gelöscht.',
    action: 'Prüfen Sie das Laufwerk und die Rechte; Lockstep macht von selbst weiter.',
  },
  failed: {
    cause:
      'In Lockstep ist ein Fehler aufgetreten, und dieser Ordner ist gestoppt. Ihre Dateien sind unverändert.',
    action:
      'Starten Sie Lockstep neu; geschieht es wieder, speichern Sie einen Bericht und senden Sie ihn ein.',
  },
  'reading-first': {
    cause:
      'Von hier wird nichts gesendet, bevor mit einem anderen Gerät verglichen wurde, das diesen Ordner hat.',
    action: 'Verbinden Sie ein Gerät, das ihn hat.',
  },
};

const reasons: Readonly<Record<Exclude<PathReason, PathProblemKind | 'deleted'>, string>> = {
  ignored: 'Die Muster lassen es aus.',
  unselected: 'Sein oberstes Verzeichnis liegt nicht auf diesem Gerät.',
  name: 'Sein Name und der einer anderen Datei sind auf diesem Laufwerk derselbe.',
  space: 'Auf diesem Laufwerk ist nicht genug Platz.',
  kind: 'Dieses Laufwerk kann so etwas nicht aufnehmen.',
  waiting: 'Darüber müssen Sie zuerst entscheiden.',
  paused: 'Der Ordner ist angehalten.',
  looking: 'Der Ordner wird geprüft.',
  conflict:
    'Es wurde auf mehreren Geräten geändert, die nichts voneinander wussten; eine Version ist zu sehen, alle bleiben erhalten.',
  'changed-here': 'Es wurde hier geändert und wird gleich gesendet.',
  receiving: 'Der neueste Stand ist auf dem Weg hierher.',
  'never-seen': 'Unter diesem Namen ist im Ordner nichts bekannt.',
  alone: 'Hier abgeglichen; kein anderes Gerät, das es hat, ist verbunden.',
  everywhere: 'Abgeglichen mit jedem verbundenen Gerät, das es hat.',
  'not-everywhere': 'Hier abgeglichen; noch nicht auf jedem verbundenen Gerät ist der Ordner gleich.',
};

export const deProblems: ProblemWords = {
  explainProblem: ({ kind, code }: Pick<PathProblem, 'kind' | 'code'>) => {
    const { cause, action } = problems[kind];
    return { cause: code === null ? cause : `${cause.slice(0, -1)} (${code}).`, action };
  },
  explainPath: ({ reason }, who) => {
    if (reason === 'deleted') return `Es wurde von ${dative(who)} gelöscht.`;
    return reason in reasons
      ? reasons[reason as keyof typeof reasons]
      : problems[reason as PathProblemKind].cause;
  },
};
