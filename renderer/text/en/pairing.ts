import type { Format } from '../format.ts';

/** Words about bringing a device in, or this one to others. */
export const enPairing = (format: Format) => ({
  addDevice: 'Add a device',
  pairNearby: 'Pair a device near by…',
  pairByKey: 'By device key…',

  nearbyTitle: 'Pair a device near by',
  nearbyBody:
    'Open this on both devices and choose the other one here and there. Then one shows six digits, to be typed on the other.',
  nearbyList: 'Devices near by',
  nearbyLooking: 'Looking for devices near by…',
  nearbyNone:
    'None is seen yet. Is Lockstep open on the other device, with this dialog, in the same network? If it cannot be seen, use an invitation.',
  nearbyUnproved: 'What they call themselves is not proved before the digits are.',
  nearbyUnnamed: 'A device without a name yet',
  nearbyAsks: (name: string) => `“${name}” asks to pair`,
  nearbyPair: 'Pair',
  nearbyPairWith: (words: string) => `Pair with the device that has the key words ${words}`,
  pairWaiting: 'Waiting for the other device.',
  pairWaitingBody: 'Choose this device there, in the same dialog. Its key words are:',
  pairCodeTitle: (name: string) => `Type this code on ${name}`,
  pairCodeUnnamed: 'the other device',
  pairCodeLabel: 'The six digits',
  pairCodeBody: 'Wait until the other device itself says that the two are paired.',
  pairConfirm: (name: string) => `Does “${name}” itself say that the two are paired?`,
  pairConfirmBody:
    'Look at its screen. Only if it says so can you be sure that nobody stands between the two devices.',
  pairConfirmYes: 'Yes, it says so',
  pairConfirmNo: 'No',
  pairDigitsTitle: (name: string) => `Type the six digits that “${name}” shows`,
  pairDigitsField: 'Six digits',
  pairDigitsCheck: 'Check',
  pairDigitsWrong: (left: number) =>
    `Not the same code. ${format.count(left, { one: 'try', other: 'tries' })} left: if the digits are really the ones shown there, somebody may be interfering.`,
  pairMatched: 'Paired.',
  pairMatchedBody: (name: string) =>
    `The digits are right: the two are paired. Now say so on “${name}”, where it is asked.`,
  pairDone: 'The two devices are paired. They sync the folders that both keep.',
  pairAgain: 'Begin again',
  pairStop: 'Stop',

  keyTitle: 'Pair by device keys',
  keyBody:
    'Type the key of the other device here and the key of this one there. When both are typed they are paired, without a code.',
  keyOwn: 'The key of this device',
  keyField: 'The key of the other device',
  keyAllow: 'Let it in',
  keyAllowed: (expiresInS: number) =>
    `It may come in within ${format.span(expiresInS)} of running, once. Type the key of this device there too.`,
  keyWaiting: 'Waiting for the other device…',
});

export type PairingWords = ReturnType<typeof enPairing>;
