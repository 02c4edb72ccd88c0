/**
 * Takes `--worlds N`, `--histories N` and `--seed S` (also with `=`) out of arguments: simulated worlds and histories are told by environment variables, vitest would refuse them.
 * Throws RangeError for a number that is none.
 * @param {readonly string[]} args
 * @returns {{ rest: string[], env: Record<string, string> }}
 */
export function takeWorldOptions(args) {
  /** @type {string[]} */
  const rest = [];
  /** @type {Record<string, string>} */
  const env = {};
  const left = [...args];
  for (let arg = left.shift(); arg !== undefined; arg = left.shift()) {
    const [option, name, joined] = /^--(worlds|histories|seed)(?:=(.*))?$/.exec(arg) ?? [];
    if (option === undefined || name === undefined) {
      rest.push(arg);
      continue;
    }
    const value = joined ?? left.shift() ?? '';
    if (name !== 'seed' && !/^\d+$/.test(value))
      throw new RangeError(`--${name} needs a number, not “${value}”`);
    if (value === '') throw new RangeError('--seed needs a text');
    env[`LOCKSTEP_${name.toUpperCase()}`] = value;
  }
  return { rest, env };
}
