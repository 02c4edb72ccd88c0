import { once } from 'node:events';
import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { createOutput, dropUnsaid } from './output.ts';

test('a warning that cannot be written is dropped, and what was to be said goes on', async () => {
  const said: string[] = [];
  const stdout = new Writable({
    write(text: Buffer, _encoding, done) {
      said.push(text.toString());
      done();
    },
  });
  const full = new Writable({ write: (_text, _encoding, done) => done(new Error('ENOSPC')) });
  dropUnsaid(full);
  const refused = once(full, 'error').catch((error: unknown) => [error]);
  const output = createOutput({ stdout, stderr: full }, false);
  output.warn('the disk is full');
  expect(await refused).toEqual([new Error('ENOSPC')]);
  output.warn('and still full');
  output.say('ready');
  expect(said).toEqual(['ready\n']);
});
