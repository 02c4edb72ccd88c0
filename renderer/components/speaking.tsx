import { type ReactNode, useLayoutEffect, useMemo } from 'react';
import { I18nProvider } from 'react-aria-components';
import { createWords } from '../text/words.ts';
import { WordsContext } from './words-context.ts';

/** Speaks the language of `locale` in all that it holds, the controls' own words with it; the page says which it is, and which way it runs. */
export function Speaking({ locale, children }: { readonly locale: string; readonly children: ReactNode }) {
  const words = useMemo(() => createWords(locale), [locale]);
  useLayoutEffect(() => {
    document.documentElement.lang = words.locale;
    document.documentElement.dir = words.direction;
  }, [words]);
  return (
    <WordsContext value={words}>
      <I18nProvider locale={words.locale}>{children}</I18nProvider>
    </WordsContext>
  );
}
