/** How this place writes numbers, sizes, times and lists. */
export interface Format {
  /** Plural by the language's rules: `count(3, { one: 'file', other: 'files' })` is `3 files`. */
  count(n: number, forms: { readonly one: string; readonly other: string }): string;
  size(bytes: number): string;
  rate(bytesPerSecond: number): string;
  /** A span to come, rounded as people would: `about 2 minutes`. */
  span(seconds: number): string;
  /** How long ago, against `now` (milliseconds): `3 minutes ago`, `yesterday`. */
  ago(iso: string, now: number): string;
  time(at: number): string;
  /** A moment against `now` (milliseconds): `today 9:12`, `yesterday 9:10`, `12 Nov, 10:40`, with the year where it is another. */
  moment(iso: string, now: number): string;
  list(items: readonly string[]): string;
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

/** The format of a language; times of day as `timeLocale` has them, which is the system's own if not given. */
export function createFormat(locale: string, timeLocale?: string, timeZone?: string): Format {
  const plural = new Intl.PluralRules(locale);
  const whole = new Intl.NumberFormat(locale);
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const clock = new Intl.DateTimeFormat(timeLocale, {
    hour: 'numeric',
    minute: '2-digit',
    ...(timeZone === undefined ? {} : { timeZone }),
  });
  const zone = timeZone === undefined ? {} : { timeZone };
  const days = new Intl.DateTimeFormat(timeLocale, { day: 'numeric', month: 'short', ...zone });
  const years = new Intl.DateTimeFormat(timeLocale, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    ...zone,
  });
  const lists = new Intl.ListFormat(locale, { type: 'conjunction' });

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
    const day = years.format(at);
    if (day === years.format(now)) return `${relative.format(0, 'day')} ${clock.format(at)}`;
    if (day === years.format(now - dayMs)) return `${relative.format(-1, 'day')} ${clock.format(at)}`;
    const isThisYear = day.includes(String(new Date(now).getFullYear()));
    return `${isThisYear ? days.format(at) : day}, ${clock.format(at)}`;
  };

  return {
    count: (n, forms) => `${whole.format(n)} ${plural.select(n) === 'one' ? forms.one : forms.other}`,
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
    moment,
    list: (items) => lists.format(items),
  };
}

/** An address as people write it: `192.168.1.7:4001` for `/ip4/192.168.1.7/tcp/4001`; any other stays as it is. */
export function readableAddress(address: string): string {
  const [, family, host, port] = /^\/(ip4|ip6|dns|dns4|dns6)\/([^/]+)\/tcp\/(\d+)/.exec(address) ?? [];
  if (host === undefined) return address;
  return family === 'ip6' ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Text that came from a disk or another device, with what could hide or turn it made visible. */
export function visibleText(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `⟨${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`,
  );
}

/** A line of a text that is compared: like {@link visibleText}, but with its tabs as they are. */
export function shownLine(text: string): string {
  return text.split('\t').map(visibleText).join('\t');
}
