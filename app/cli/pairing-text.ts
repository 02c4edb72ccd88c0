import type { ErrorCode } from '../../core/model/errors.ts';
import type { FailureWords } from './text.ts';

type Ways = Extract<
  ErrorCode,
  'invitation-unreadable' | 'invitation-used' | 'invitation-refused' | 'pairing-refused'
>;

/** Why a device was not let in. */
export const pairingFailures: Readonly<Record<Ways, FailureWords>> = {
  'invitation-unreadable': ({ what }) => ({
    message:
      what === 'version'
        ? 'This invitation is from a later version of Lockstep.'
        : what === 'check'
          ? 'This invitation was cut short or mistyped.'
          : what === 'own'
            ? 'This invitation is from this very device.'
            : 'This is not the text of an invitation.',
    action:
      what === 'version'
        ? 'Bring this device up to date first.'
        : what === 'own'
          ? 'Use it on another device.'
          : 'Copy the whole of what `lockstep device invite` printed.',
  }),
  'invitation-used': () => ({
    message:
      'This invitation was already used, its ten minutes are over, or the device that made it was started anew.',
    action: 'Ask for a new one: `lockstep device invite`. If it was used, and not by you, say so there.',
  }),
  'invitation-refused': ({ what }) => ({
    message:
      what === 'declined'
        ? 'The person at the other device said no.'
        : what === 'not-heard'
          ? 'The other device does not listen to this one: the invitation is not open any more, or others are asking there just now.'
          : what === 'busy'
            ? 'The other device lets another one in just now.'
            : what === 'failed'
              ? 'The other device could not let this one in: something failed there.'
              : what === 'expired'
                ? 'Nobody answered at the other device in time.'
                : 'The other device refused.',
    action:
      what === 'not-heard' || what === 'busy'
        ? 'Try again in a minute, then ask for a new one: `lockstep device invite`.'
        : what === 'declined'
          ? 'Ask for a new invitation there if that was a mistake.'
          : what === 'failed'
            ? 'Look at its log, then ask for a new invitation: `lockstep device invite`.'
            : 'Ask for a new invitation there: `lockstep device invite`.',
  }),
  'pairing-refused': ({ what }) => ({
    message:
      what === 'declined'
        ? 'The person at the other device said no.'
        : what === 'declined-here'
          ? 'You said no.'
          : what === 'wrong-code'
            ? 'The six digits were not the same, three times. Somebody on this network may be interfering.'
            : what === 'expired'
              ? 'Nobody answered in time.'
              : what === 'unverified'
                ? 'These devices could not be verified, three times, and pairing is closed. Somebody on this network may be interfering.'
                : what === 'failed'
                  ? 'The other device could not do it: something failed there.'
                  : what === 'busy'
                    ? 'The other device pairs with another one just now.'
                    : 'The other device is not ready to pair with this one.',
    action:
      what === 'wrong-code' || what === 'unverified'
        ? 'Use an invitation instead: `lockstep device invite`.'
        : what === 'declined' || what === 'declined-here'
          ? 'Begin again on both devices if that was a mistake.'
          : what === 'expired'
            ? 'Begin again on both devices. If both belong to a group, one has to leave it first.'
            : 'Begin again on both devices.',
  }),
};
