import { expect, test } from 'vitest';
import { admitting, foundedLog, identityOf, testRecovery } from '../testing/trust-world.ts';
import { folderId } from '../model/ids.ts';
import { createReset, createRevoke, signOp } from './build-op.ts';
import { logLimits } from './membership-log.ts';

// With the product's own signatures, which take most of the time: some two milliseconds an operation.
test('[TR15] [A16] ten thousand forks by one key leave a full log, and removal and reset still get through', {
  timeout: 600_000,
}, () => {
  const [anna, berta, laptop] = ['anna', 'berta', 'laptop'].map(identityOf) as [Anyone, Anyone, Anyone];
  const log = foundedLog(anna);
  for (const other of [berta, laptop]) log.add(admitting(log, anna, other));
  const place = log.nextPlace(laptop.deviceKey);
  for (let i = 0; i < 10_000; i++) {
    const id = folderId(i.toString(16).padStart(32, '0'));
    const word = {
      kind: 'folder',
      folderId: id,
      verb: 'create',
      key: undefined,
      mode: 'rw',
      cut: undefined,
    } as const;
    log.add(signOp({ group: log.group, author: laptop.deviceKey, ...place, body: word }, laptop), 'laptop');
  }
  expect(log.ops()).toHaveLength(logLimits.maxOps);
  expect(log.alarms().map(({ kind }) => kind)).toEqual(['identity-in-two-places', 'log-full']);
  const targets = [{ key: laptop.deviceKey }];
  expect(log.add(createRevoke({ log, identity: anna }, { targets, reason: 'stolen' })).status).toBe('added');
  expect(log.members().active).toEqual(new Set([anna.deviceKey, berta.deviceKey]));
  const reset = createReset({ log, identity: anna, recovery: testRecovery }, [anna.deviceKey]);
  expect(log.add(reset).status).toBe('added');
  expect(log.members().active).toEqual(new Set([anna.deviceKey]));
});

type Anyone = ReturnType<typeof identityOf>;
