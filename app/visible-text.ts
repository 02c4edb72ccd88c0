import { visibleText } from '../renderer/text/format.ts';

/** LIMIT: characters of a name in a menu or a notification; the window has it whole. */
const maxNameLength = 40;

/** A name for where there is little room; what was cut from its middle is marked. */
export function shortName(name: string): string {
  const visible = visibleText(name);
  if (visible.length <= maxNameLength) return visible;
  const half = maxNameLength / 2;
  return `${visible.slice(0, half)}…${visible.slice(-half)}`.toWellFormed();
}

/** The same text for a reader that takes some signs for markup, as Linux desktops do in the body of a notification. */
export function withoutMarkup(text: string): string {
  return text.replace(/[<>&]/g, (sign) => ({ '<': '‹', '>': '›', '&': '＆' })[sign] ?? '');
}
