import type { StatusWords } from '../en/status.ts';
import type { Format } from '../format.ts';
import { changes, devices, devicesDative, files, items } from './nouns.ts';

export const deStatus = (format: Format): StatusWords => ({
  asksToJoin: (names) =>
    names.length === 1
      ? `„${names[0]}“ möchte beitreten.`
      : `${format.number(names.length)} Geräte möchten beitreten.`,
  status: ({ state, facts, pausedBy }, until) => {
    const { problems, conflicts, questions, needFiles, pendingLocal, behind, differing } = facts;
    switch (state) {
      case 'paused':
        return `${pausedBy === 'schedule' ? 'Nach Zeitplan angehalten' : 'Angehalten'}${until === undefined ? '' : ` bis ${until}`}.`;
      case 'attention':
        if (facts.isRemoved)
          return 'Dieses Gerät wurde aus der Gruppe entfernt; seine Dateien bleiben unverändert.';
        if (questions > 0)
          return `${format.count(questions, { one: 'Frage wartet', other: 'Fragen warten' })} auf Sie.`;
        return conflicts > 0 && problems === 0
          ? `${format.count(conflicts, { one: 'Konflikt wartet', other: 'Konflikte warten' })} auf Sie.`
          : `${format.count(problems + conflicts, { one: 'Sache wartet', other: 'Sachen warten' })} auf Sie.`;
      case 'syncing':
        if (facts.isScanning) return 'Die Ordner werden geprüft.';
        if (needFiles > 0) return `Abgleich: noch ${format.count(needFiles, items)}.`;
        if (pendingLocal > 0)
          return `Abgleich: ${format.count(pendingLocal, changes)} von diesem Gerät zu senden.`;
        if (differing > 0 && differing === behind)
          return `Alles ist gesendet; ${format.count(differing, { one: 'Gerät hat', other: 'Geräte haben' })} etwas anderes: Sehen Sie dort nach.`;
        return `Abgleich: ${format.count(behind, { one: 'Gerät empfängt', other: 'Geräte empfangen' })} noch.`;
      case 'offline':
        return facts.members === 0 ? 'Noch keine anderen Geräte.' : 'Kein anderes Gerät ist verbunden.';
      case 'idle':
        if (facts.folders === 0)
          return `Noch keine Ordner. ${format.count(facts.connected, devices)} verbunden.`;
        return facts.holding === 0
          ? `${format.count(facts.connected, devices)} verbunden, noch ohne diese Ordner.`
          : `Aktuell mit ${format.count(facts.holding, devicesDative)}.`;
    }
  },
  shortfall: {
    watch: (folders) =>
      `Nicht jedes Verzeichnis von ${format.list(folders)} lässt sich beobachten; Änderungen darin werden durch Nachsehen jede Minute gefunden. Unter Linux hilft ein höherer Wert für fs.inotify.max_user_watches.`,
    port: () =>
      'Andere Geräte können sich vielleicht nicht mit diesem verbinden: Sein Port ließ sich nicht öffnen, vielleicht benutzt ihn ein anderes Programm. Dieses Gerät verbindet sich weiterhin mit ihnen.',
    discovery: () =>
      'Geräte in der Nähe werden vielleicht nicht von selbst gefunden: Das lokale Netzwerk ließ sich nicht befragen. Eine Einladung bringt Geräte weiterhin zusammen.',
  },
  question: ({ kind, counts, isReader }, { folder, device, isOwn }) => {
    const { removed, replaced } = counts;
    switch (kind) {
      case 'mass-change': {
        if (isOwn)
          return `Seit Lockstep zuletzt nachsah, ${format.plural(removed, { one: 'ist', other: 'sind' })} ${format.count(removed, files)} aus ${folder} verschwunden. Sollen die anderen Geräte sie auch löschen?`;
        const parts = [
          ...(removed > 0 ? [`${format.count(removed, files)} entfernen`] : []),
          ...(replaced > 0 ? [`${format.count(replaced, files)} ersetzen`] : []),
        ];
        return `Änderungen von ${device} würden hier in ${folder} ${parts.join(' und ')}. Ist das gewollt?`;
      }
      case 'removed-device':
        return isReader
          ? `${device} hatte in ${folder} ${format.count(replaced, changes)} gemacht, die noch nicht bekannt waren, als es nur noch lesen durfte. Sie wurden beiseitegelegt. Wieder aufnehmen?`
          : `${device} hatte in ${folder} ${format.count(replaced, changes)} gemacht, die das Gerät, das es entfernt hat, nicht kannte. Sie wurden beiseitegelegt. Wieder aufnehmen?`;
      case 'pending-device':
        return `„${device}“ möchte beitreten. Hereinlassen?`;
    }
  },
});
