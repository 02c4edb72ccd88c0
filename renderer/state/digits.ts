/** Six digits as they are easiest read and typed: in two groups. */
export function groupedDigits(digits: string): string {
  return `${digits.slice(0, 3)} ${digits.slice(3)}`;
}

/** The digits in what a person typed; undefined until there are six and nothing else but space. */
export function typedDigits(text: string): string | undefined {
  const digits = text.replace(/[\s-]/g, '');
  return /^\d{6}$/.test(digits) ? digits : undefined;
}
