import { expect, test } from 'vitest';
import { faultOf } from './fault.ts';

test('of an error is told what kind it is and where it happened, not what it says', () => {
  const error = new TypeError('no such file: /home/ana/Secret.txt');
  error.stack = `TypeError: no such file: /home/ana/Secret.txt
    at Folder (app://ui/assets/index-a1.js:12:345)
    at app://ui/assets/react-b2.js:1:2
    at file:///home/ana/Secret.txt:1:1`;
  expect(faultOf(error)).toEqual({
    name: 'TypeError',
    frames: ['assets/index-a1.js:12:345', 'assets/react-b2.js:1:2'],
  });
});

test('whatever was thrown can be told', () => {
  expect(faultOf('a name')).toEqual({ name: 'Error', frames: [] });
  expect(faultOf(undefined)).toEqual({ name: 'Error', frames: [] });
  const deep = new Error('deep');
  deep.stack = 'at f (app://ui/a.js:1:1)\n'.repeat(500);
  expect(faultOf(deep).frames).toHaveLength(20);
});
