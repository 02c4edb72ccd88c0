// Branches that no unit test reaches, held against the reasons in build/unreached.json.

/**
 * One branch: `what` is its side or kind, and the source line it stands on. Two of one file may be alike.
 * @typedef {{ file: string, line: number, what: string }} Branch
 * @typedef {{ type: string, loc: { start: { line: number } }, locations: readonly { start?: { line?: number } }[] }} BranchPlace
 * @typedef {{ b: Readonly<Record<string, readonly number[]>>, branchMap: Readonly<Record<string, BranchPlace>> }} FileReport
 *   one file of istanbul's JSON report
 * @typedef {{ reason: string, mayBeReached?: boolean, branches: Readonly<Record<string, readonly string[]>> }} Group
 *   branches that one reason stands for: file → the `what` of each; with `mayBeReached`, one run may reach them and the next not
 */

/** @type {Readonly<Record<string, readonly string[]>>} */
const sides = { if: ['if', 'else'], 'cond-expr': ['?', ':'] };

/**
 * The branches of one file that were never reached, from top to bottom.
 * @param {string} file its name, as the reasons call it
 * @param {FileReport} report
 * @param {string} source
 * @returns {Branch[]}
 */
export function unreachedIn(file, report, source) {
  const lines = source.split('\n');
  /** @type {Branch[]} */
  const found = [];
  for (const [id, counts] of Object.entries(report.b)) {
    const { type, loc, locations } = /** @type {BranchPlace} */ (report.branchMap[id]);
    for (const [i, count] of counts.entries()) {
      if (count > 0) continue;
      // Where there is no `else`, nothing stands for it.
      const line = locations[i]?.start?.line ?? loc.start.line;
      const side = sides[type]?.[i] ?? type;
      found.push({ file, line, what: `${side}: ${(lines[line - 1] ?? '').trim()}` });
    }
  }
  return found.sort((a, b) => a.line - b.line);
}

/**
 * Holds branches against reasons. Of those that are alike only the number is compared.
 * @param {readonly Branch[]} branches
 * @param {readonly Group[]} groups
 * @returns {{ without: Branch[], stale: string[], counts: { reason: string, count: number }[] }} `without` have no
 *   reason; `stale`, as `FILE: WHAT`, is listed and was reached, or is gone; `counts` are of what was not reached
 */
export function compareReasons(branches, groups) {
  /** @type {Map<string, number[]>} */
  const listed = new Map();
  for (const [at, group] of groups.entries())
    for (const [file, whats] of Object.entries(group.branches))
      for (const what of whats) {
        const key = `${file}: ${what}`;
        listed.set(key, [...(listed.get(key) ?? []), at]);
      }
  const counts = groups.map(({ reason }) => ({ reason, count: 0 }));
  const without = branches.filter(({ file, what }) => {
    const found = counts[listed.get(`${file}: ${what}`)?.shift() ?? -1];
    if (found === undefined) return true;
    found.count += 1;
    return false;
  });
  const stale = [...listed].flatMap(([key, left]) =>
    left.flatMap((at) => (groups[at]?.mayBeReached === true ? [] : [key])),
  );
  return { without, stale, counts };
}
