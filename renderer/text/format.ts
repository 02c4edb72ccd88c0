/** The forms of a noun by the language's plural rules; `other` is also for numbers that have no form of their own. */
export type Plural = { readonly [R in Intl.LDMLPluralRule]?: string } & { readonly other: string };

/** How a language writes numbers, sizes, times and lists. */
export interface Format {
  /** A number and what is counted: `count(3, { one: 'file', other: 'files' })` is `3 files`. */
  count(n: number, forms: Plural): string;
  /** What is said of so many, the number left to the words. */
  plural(n: number, forms: Plural): string;
  number(n: number): string;
  size(bytes: number): string;
  rate(bytesPerSecond: number): string;
  /** A span to come, rounded as people would: `about 2 minutes`. */
  span(seconds: number): string;
  /** How long ago, against `now` (milliseconds): `3 minutes ago`, `yesterday`. */
  ago(iso: string, now: number): string;
  time(at: number): string;
  /** What a clock shows, given as `18:00`; `24:00` is midnight. */
  clockTime(text: string): string;
  /** A moment to come, in words that stay true until then: `15:00` of the day of `now`, `Fri 06:00` within a week, `20 Mar, 06:30`. */
  until(iso: string, now: number): string;
  /** A moment against `now` (milliseconds): `today 09:12`, `yesterday 09:10`, `12 Nov, 10:40`, with the year where it is another. */
  moment(iso: string, now: number): string;
  /** A moment with its whole date. */
  date(iso: string): string;
  list(items: readonly string[]): string;
  /** The name of a day, 0 for Monday. */
  weekday(day: number): string;
}

const dayMs = 24 * 3_600_000;
const sizeUnits = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte', 'petabyte'] as const;
const agoSteps = [
  { unit: 'minute', seconds: 60 },
  { unit: 'hour', seconds: 3_600 },
  { unit: 'day', seconds: 86_400 },
  { unit: 'month', seconds: 30 * 86_400 },
  { unit: 'year', seconds: 365 * 86_400 },
] as const;

/** The format of a locale, such as `de-AT`; in the system's time zone if none is given. */
export function createFormat(locale: string, timeZone?: string): Format {
  const plural = new Intl.PluralRules(locale);
  const whole = new Intl.NumberFormat(locale);
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const lists = new Intl.ListFormat(locale, { type: 'conjunction' });
  const weekdayNames = new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' });
  const zone = timeZone === undefined ? {} : { timeZone };
  const { hourCycle } = new Intl.DateTimeFormat(locale, { hour: 'numeric' }).resolvedOptions();
  const hour = hourCycle === 'h23' ? '2-digit' : 'numeric';
  const clockParts = { hour, minute: '2-digit', ...zone } as const;
  const dayParts = { day: 'numeric', month: 'short', ...clockParts } as const;
  const clock = new Intl.DateTimeFormat(locale, clockParts);
  const wallClock = new Intl.DateTimeFormat(locale, { ...clockParts, timeZone: 'UTC' });
  const weekdays = new Intl.DateTimeFormat(locale, { weekday: 'short', ...clockParts });
  const days = new Intl.DateTimeFormat(locale, dayParts);
  const dates = new Intl.DateTimeFormat(locale, { year: 'numeric', ...dayParts });
  /** The day of a moment, to be compared: `2026-03-05`. */
  const dayOf = new Intl.DateTimeFormat('en-CA', {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    ...zone,
  });

  const unitText = (value: number, unit: string, style: 'short' | 'long'): string =>
    new Intl.NumberFormat(locale, {
      style: 'unit',
      unit,
      unitDisplay: style,
      maximumFractionDigits: value < 10 && value % 1 !== 0 ? 1 : 0,
    }).format(value);

  const size = (bytes: number): string => {
    let [value, step] = [bytes, 0];
    while (value >= 999.5 && step < sizeUnits.length - 1) {
      value /= 1000;
      step += 1;
    }
    return unitText(value, sizeUnits[step] ?? 'byte', step === 0 ? 'long' : 'short');
  };

  const moment = (iso: string, now: number): string => {
    const at = Date.parse(iso);
    const [day, today] = [dayOf.format(at), dayOf.format(now)];
    if (day === today) return `${relative.format(0, 'day')} ${clock.format(at)}`;
    if (day === dayOf.format(now - dayMs)) return `${relative.format(-1, 'day')} ${clock.format(at)}`;
    return (day.slice(0, 4) === today.slice(0, 4) ? days : dates).format(at);
  };

  const until = (iso: string, now: number): string => {
    const at = Date.parse(iso);
    if (dayOf.format(at) === dayOf.format(now)) return clock.format(at);
    return (at - now < 6 * dayMs ? weekdays : days).format(at);
  };

  return {
    count: (n, forms) => `${whole.format(n)} ${forms[plural.select(n)] ?? forms.other}`,
    plural: (n, forms) => forms[plural.select(n)] ?? forms.other,
    number: (n) => whole.format(n),
    size,
    rate: (bytesPerSecond) => `${size(bytesPerSecond)}/s`,
    span(seconds) {
      if (seconds < 55) return unitText(Math.max(5, Math.ceil(seconds / 5) * 5), 'second', 'long');
      if (seconds < 55 * 60) return unitText(Math.max(1, Math.round(seconds / 60)), 'minute', 'long');
      if (seconds < 36 * 3_600) return unitText(Math.round(seconds / 360) / 10, 'hour', 'long');
      return unitText(Math.round(seconds / 86_400), 'day', 'long');
    },
    ago(iso, now) {
      const seconds = Math.max(0, (now - Date.parse(iso)) / 1000);
      const step = agoSteps.findLast((each) => seconds >= each.seconds);
      return step === undefined
        ? relative.format(0, 'second')
        : relative.format(-Math.floor(seconds / step.seconds), step.unit);
    },
    time: (at) => clock.format(at),
    clockTime(text) {
      const [hours = 0, minutes = 0] = text.split(':').map(Number);
      return wallClock.format(Date.UTC(2024, 0, 1, hours, minutes));
    },
    until,
    moment,
    date: (iso) => dates.format(Date.parse(iso)),
    list: (items) => lists.format(items),
    // 1 January 2024 was a Monday.
    weekday: (day) => weekdayNames.format(Date.UTC(2024, 0, 1 + day)),
  };
}

/** An address as people write it: `192.168.1.7:4001` for `/ip4/192.168.1.7/tcp/4001`; any other stays as it is. */
export function readableAddress(address: string): string {
  const [, family, host, port] = /^\/(ip4|ip6|dns|dns4|dns6)\/([^/]+)\/tcp\/(\d+)/.exec(address) ?? [];
  if (host === undefined) return address;
  return family === 'ip6' ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Scripts that run from right to left. */
const rightToLeft =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]/u;

/** Text that came from a disk or another device, with what could hide or turn it made visible. One that runs from right to left is isolated, so that the sentence around it keeps its order. */
export function visibleText(text: string): string {
  const shown = plainText(text);
  return rightToLeft.test(shown) ? `\u2068${shown}\u2069` : shown;
}

function plainText(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `⟨${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`,
  );
}

/** A line of a text that is compared: like {@link visibleText}, but with its tabs as they are. */
export function shownLine(text: string): string {
  return text.split('\t').map(plainText).join('\t');
}
