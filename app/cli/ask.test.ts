import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createLineReader } from './ask.ts';

function input(isTTY: boolean) {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const reader = createLineReader({ stdin: Object.assign(stdin, { isTTY }), stdout, stderr });
  return { stdin, stderr, reader, signal: new AbortController().signal };
}

describe('lines that a person types', () => {
  it('are read one after the other, those typed ahead too, until there are none', async () => {
    const { stdin, reader, signal } = input(false);
    stdin.write('first\n  second ');
    expect(await reader.next('?', signal)).toBe('first');
    stdin.end('line \n');
    expect(await reader.next('?', signal)).toBe('second line');
    expect(reader.hasRunOut).toBe(false);
    expect(await reader.next('?', signal)).toBeUndefined();
    expect(reader.hasRunOut).toBe(true);
  });

  it.each([
    [true, 'Digits: '],
    [false, null],
  ])('are asked for where a terminal is (%s)', async (isTTY, asked) => {
    const { stdin, stderr, reader, signal } = input(isTTY);
    stdin.write('482913\n');
    expect(await reader.next('Digits', signal)).toBe('482913');
    expect(stderr.setEncoding('utf8').read()).toBe(asked);
    reader.close();
  });

  it('are not waited for once nobody wants them, and stay for the next question', async () => {
    const { stdin, reader } = input(false);
    const leaving = new AbortController();
    const first = reader.next('?', leaving.signal);
    leaving.abort(new Error('no longer'));
    await expect(first).rejects.toThrow('no longer');
    const second = reader.next('?', new AbortController().signal);
    stdin.write('late\n');
    expect(await second).toBe('late');
    reader.close();
  });

  it('are none where there is no stdin', async () => {
    const { stderr } = input(false);
    const reader = createLineReader({ stdout: stderr, stderr });
    expect(await reader.next('?', new AbortController().signal)).toBeUndefined();
  });
});
