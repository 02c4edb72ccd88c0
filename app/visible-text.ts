/** LIMIT: characters of a name in a menu or a notification; the window has it whole. */
const maxNameLength = 40;

/** Text from a disk or another device, with what could hide or turn it made visible. */
export function visibleText(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `⟨${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}⟩`,
  );
}

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
