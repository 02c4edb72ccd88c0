import type { Language, LanguageChoice } from '../../app/ipc/contract.ts';
import { createGerman } from './de/de.ts';
import { createEnglish } from './en/en.ts';
import { createChinese } from './zh/zh.ts';

/** All words that the window, the tray and the system's dialogs say, in one language. English is where a word is first written; the others have its type, so that none can be missing. */
export type Words = ReturnType<typeof createEnglish>;

const languages: Readonly<Record<Language, (locale: string) => Words>> = {
  en: createEnglish,
  de: createGerman,
  zh: createChinese,
};

const isLanguage = (text: string): text is Language => Object.hasOwn(languages, text);
const languageOf = (locale: string): string => locale.split(/[-_]/)[0]?.toLowerCase() ?? '';

/** The words of a locale; those of English where its language has none. */
export function createWords(locale: string): Words {
  const language = languageOf(locale);
  return isLanguage(language) ? languages[language](locale) : createEnglish('en');
}

/**
 * The locale to speak: of the languages that the system prefers, best first, the first that is chosen, or that there are words in; English where there
 * is none. The region comes from the system where it has one for the language.
 */
export function chooseLocale(choice: LanguageChoice, preferred: readonly string[]): string {
  const fits = (locale: string): boolean =>
    choice === 'system' ? isLanguage(languageOf(locale)) : languageOf(locale) === choice;
  const found = preferred.filter(isLocale).find(fits);
  return found ?? (choice === 'system' ? 'en' : choice);
}

function isLocale(text: string): boolean {
  try {
    return Intl.getCanonicalLocales(text).length === 1;
  } catch {
    return false;
  }
}
