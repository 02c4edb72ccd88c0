/** What the versions of a conflict are called beside their authors: A, B, C … */
export function letterOf(index: number): string {
  return String.fromCodePoint('A'.charCodeAt(0) + (index % 26));
}

/** Which of the two colours a version has, so that what belongs together is seen to. */
export function sideOf(index: number): 'a' | 'b' {
  return index % 2 === 0 ? 'a' : 'b';
}
