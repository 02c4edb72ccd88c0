import { constants } from 'node:os';
import { describe, expect, test } from 'vitest';
import { systemCode, toDiskError } from './node-observe.ts';

const thrown = (code: string, errno: number): Error => Object.assign(new Error('failed'), { code, errno });

describe('codes of failures', () => {
  test.each(['UNKNOWN', `Unknown system error -${constants.errno.EDQUOT}`])(
    '[FS2] a quota that is reached has its name, though Node says %s',
    (code) => {
      const error = toDiskError(thrown(code, -constants.errno.EDQUOT), 'write', '/folder/file');
      expect(error).toMatchObject({ code: 'EDQUOT', call: 'write' });
    },
  );

  test('[FS2] a code that Node knows is left as it is', () => {
    expect(toDiskError(thrown('ENOSPC', -constants.errno.ENOSPC), 'write', '/f')).toMatchObject({
      code: 'ENOSPC',
    });
    const { EEXIST, ENOTSUP, EAGAIN } = constants.errno;
    expect([EEXIST, ENOTSUP, EAGAIN].map(systemCode)).toEqual(['EEXIST', 'ENOTSUP', 'EAGAIN']);
  });

  test('[FS2] a number that the system has no name for stays one', () => {
    expect(toDiskError(thrown('UNKNOWN', -4000), 'write', '/f')).toMatchObject({ code: 'UNKNOWN' });
  });
});
