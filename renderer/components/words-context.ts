import { createContext, use } from 'react';
import { createWords, type Words } from '../text/words.ts';

/** The words that are spoken in this window. */
export const WordsContext = createContext<Words>(createWords('en'));

/** All words, in the language that is spoken now. */
export function useWords(): Words {
  return use(WordsContext);
}
