import { expect, test } from 'vitest';
import { visibleText } from '../renderer/text/format.ts';
import { shortName, withoutMarkup } from './visible-text.ts';

test('[A38] what hides or turns text is made visible', () => {
  expect(visibleText('photo\u202Egpj.exe')).toBe('photo⟨202E⟩gpj.exe');
  expect(visibleText('in\u200Bvoice\n')).toBe('in⟨200B⟩voice⟨000A⟩');
  expect(visibleText('Größe und 写真 🙂.txt')).toBe('Größe und 写真 🙂.txt');
});

test('[A38] a long name keeps its beginning and its end', () => {
  expect(shortName('Documents')).toBe('Documents');
  const shown = shortName(`report${'n'.repeat(200)}.exe`);
  expect(shown).toMatch(/^reportn+…n+\.exe$/);
  expect(shown).toHaveLength(41);
  expect(shortName('🙂'.repeat(100)).isWellFormed()).toBe(true);
});

test('[A38] nothing in a text is markup any more', () => {
  expect(withoutMarkup('<a href="x">Work</a> & more')).not.toMatch(/[<>&]/);
});
