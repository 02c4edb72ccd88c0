import { expect, test } from 'vitest';
import type { ErrorCode } from '../../app/ipc/contract.ts';
import { pairingFailures } from '../../app/testing/pairing-failures.ts';
import { createWords } from './words.ts';

const unknown = 'something new';

test.each(['en', 'de', 'zh'])(
  '%s: every way that pairing fails has words that say what is so and what to do',
  (language) => {
    const { explainError } = createWords(language);
    const say = (code: ErrorCode, what?: string): string =>
      explainError({ code, facts: what === undefined ? {} : { what }, retry: 'never' });
    for (const { code, what, isPlain = false } of pairingFailures) {
      const text = say(code, what);
      const sentences = text.split(/[.:。：]/).filter((part) => part.trim() !== '');
      expect(sentences.length, `${code} ${what}: ${text}`).toBeGreaterThan(1);
      expect(text, `${code} ${what}`).not.toBe(say('internal'));
      expect(text === say(code, unknown), `${code} ${what}: told as any other`).toBe(isPlain);
    }
  },
);
