import { expect, test } from 'vitest';
import { deviceKey } from '../model/ids.ts';
import { deviceKeyToText, textToDeviceKey } from './device-key-text.ts';
import { invitationToText, textToInvitation } from './invitation.ts';

/** Points that sign anything, and one that is no point. */
const unusable = ['01', '00', 'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f', '02'].map(
  (start) => deviceKey(start.padEnd(64, '0')),
);

test.each(unusable)(
  '[TR1] a typed key that nobody can hold is refused, though its check is right: %s',
  (key) => {
    expect(() => textToDeviceKey(deviceKeyToText(key))).toThrow(
      expect.objectContaining({ code: 'bad-argument', facts: { what: 'device-key-check' } }),
    );
  },
);

test.each(unusable)(
  '[TR1] an invitation by such a host is refused, though its check is right: %s',
  (hostKey) => {
    const text = invitationToText({ hostKey, secret: new Uint8Array(16), addresses: [] });
    expect(() => textToInvitation(text)).toThrow(expect.objectContaining({ code: 'invitation-unreadable' }));
  },
);
