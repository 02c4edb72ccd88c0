import { expect, test } from 'vitest';
import { groupedDigits, typedDigits } from './digits.ts';

test('six digits are shown in two groups and read however they are typed', () => {
  expect(groupedDigits('048213')).toBe('048 213');
  for (const text of ['048213', '048 213', ' 048-213 ']) expect(typedDigits(text)).toBe('048213');
  for (const text of ['', '04821', '0482134', '04821a']) expect(typedDigits(text)).toBeUndefined();
});
