import { SyncError } from '../model/errors.ts';
import type { DeviceKey } from '../model/ids.ts';
import { createAdmit, type Identity } from '../trust/trust.ts';
import type { Group } from './group.ts';
import type { PeerLinks } from './peer-links.ts';

/**
 * Admits a suspended device again, in the name of this one; durable when it resolves. The device has to be connected, for it agrees to each who admits it. Rejects with
 * SyncError `no-group`, `not-found`, `unreachable`, `timed-out`, or `not-allowed`.
 */
export async function readmit(
  parts: {
    readonly group: Group;
    readonly identity: Identity;
    readonly links: Pick<PeerLinks, 'askConsent'>;
  },
  key: DeviceKey,
): Promise<void> {
  const { group, identity, links } = parts;
  await group.untilMet();
  const current = group.current();
  if (current === undefined) throw new SyncError('no-group');
  const { log } = current;
  const first = log.ops().find(({ body }) => body.kind === 'admit' && body.key === key);
  if (first?.body.kind !== 'admit') throw new SyncError('not-found', { what: 'device' });
  const { method } = first.body;
  const consent = await links.askConsent(key);
  if (group.current() !== current) throw new SyncError('no-group');
  await group.write(createAdmit({ log, identity }, { key, method, ...consent }));
}
