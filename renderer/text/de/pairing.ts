import type { PairingWords } from '../en/pairing.ts';
import type { Format } from '../format.ts';

export const dePairing = (format: Format): PairingWords => ({
  addDevice: 'Gerät hinzufügen',
  pairNearby: 'Gerät in der Nähe koppeln …',
  pairByKey: 'Mit Geräteschlüssel …',

  nearbyTitle: 'Gerät in der Nähe koppeln',
  nearbyBody:
    'Öffnen Sie dies auf beiden Geräten und wählen Sie auf jedem das andere. Dann zeigt eines sechs Ziffern, die Sie auf dem anderen eingeben.',
  nearbyList: 'Geräte in der Nähe',
  nearbyLooking: 'Geräte in der Nähe werden gesucht …',
  nearbyNone:
    'Noch ist keines zu sehen. Ist Lockstep auf dem anderen Gerät geöffnet, mit diesem Dialog, im selben Netz? Wenn es nicht zu sehen ist, benutzen Sie eine Einladung.',
  nearbyUnproved: 'Wie sie sich nennen, ist erst bewiesen, wenn es die Ziffern sind.',
  nearbyUnnamed: 'Ein Gerät noch ohne Namen',
  nearbyAsks: (name) => `„${name}“ möchte sich koppeln`,
  nearbyPair: 'Koppeln',
  nearbyPairWith: (words) => `Mit dem Gerät koppeln, das diese Prüfwörter hat: ${words}`,
  pairWaiting: 'Warten auf das andere Gerät.',
  pairWaitingBody: 'Wählen Sie dort, im selben Dialog, dieses Gerät. Seine Prüfwörter sind:',
  pairCodeTitle: (name) => `Geben Sie diese Ziffern ein auf: ${name}`,
  pairCodeUnnamed: 'dem anderen Gerät',
  pairCodeLabel: 'Die sechs Ziffern',
  pairCodeBody: 'Warten Sie, bis das andere Gerät selbst sagt, dass beide gekoppelt sind.',
  pairConfirm: (name) => `Sagt „${name}“ selbst, dass beide gekoppelt sind?`,
  pairConfirmBody:
    'Sehen Sie auf seinen Bildschirm. Nur wenn es das sagt, steht sicher niemand zwischen den beiden Geräten.',
  pairConfirmYes: 'Ja, das sagt es',
  pairConfirmNo: 'Nein',
  pairDigitsTitle: (name) => `Geben Sie die sechs Ziffern ein, die „${name}“ zeigt`,
  pairDigitsField: 'Sechs Ziffern',
  pairDigitsCheck: 'Prüfen',
  pairDigitsWrong: (left) =>
    `Nicht dieselben Ziffern. Noch ${format.count(left, { one: 'Versuch', other: 'Versuche' })}: Wenn es wirklich die dort gezeigten sind, greift vielleicht jemand ein.`,
  pairMatched: 'Gekoppelt.',
  pairMatchedBody: (name) =>
    `Die Ziffern stimmen: Beide sind gekoppelt. Bestätigen Sie das jetzt auf „${name}“, wo danach gefragt wird.`,
  pairDone: 'Die beiden Geräte sind gekoppelt. Sie gleichen die Ordner ab, die beide behalten.',
  pairAgain: 'Neu beginnen',
  pairStop: 'Abbrechen',

  keyTitle: 'Mit Geräteschlüsseln koppeln',
  keyBody:
    'Geben Sie hier den Schlüssel des anderen Geräts ein und dort den von diesem. Sind beide eingegeben, sind sie gekoppelt, ohne Ziffern.',
  keyOwn: 'Der Schlüssel dieses Geräts',
  keyField: 'Der Schlüssel des anderen Geräts',
  keyAllow: 'Hereinlassen',
  keyAllowed: (expiresInS) =>
    `Es darf einmal hereinkommen, solange Lockstep noch ${format.span(expiresInS)} läuft. Geben Sie dort auch den Schlüssel dieses Geräts ein.`,
  keyWaiting: 'Warten auf das andere Gerät …',
});
