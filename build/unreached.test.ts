import { describe, expect, it } from 'vitest';
import { compareReasons, unreachedIn } from './unreached.mjs';

const source = ['const a = b ?? c;', 'if (a) throw d;', '  return a ? 1 : 2;'].join('\n');
const at = (line: number) => ({ start: { line } });
const report = {
  b: { '0': [5, 0], '1': [0, 5], '2': [0, 0], '3': [5, 0] },
  branchMap: {
    '0': { type: 'binary-expr', loc: at(1), locations: [at(1), at(1)] },
    '1': { type: 'if', loc: at(2), locations: [at(2), {}] },
    '2': { type: 'cond-expr', loc: at(3), locations: [at(3), at(3)] },
    '3': { type: 'if', loc: at(2), locations: [at(2), {}] },
  },
};

describe('branches that were never reached', () => {
  it('are named by their side and their line', () => {
    expect(unreachedIn('a.ts', report, source)).toEqual([
      { file: 'a.ts', line: 1, what: 'binary-expr: const a = b ?? c;' },
      { file: 'a.ts', line: 2, what: 'if: if (a) throw d;' },
      { file: 'a.ts', line: 2, what: 'else: if (a) throw d;' },
      { file: 'a.ts', line: 3, what: '?: return a ? 1 : 2;' },
      { file: 'a.ts', line: 3, what: ':: return a ? 1 : 2;' },
    ]);
  });

  const one = { file: 'a.ts', line: 1, what: 'if: if (a)' };
  const alike = { ...one, line: 9 };

  it('need a reason each, also of two that are alike', () => {
    expect(
      compareReasons([one, alike], [{ reason: 'because', branches: { 'a.ts': ['if: if (a)'] } }]),
    ).toEqual({
      without: [alike],
      stale: [],
      counts: [{ reason: 'because', count: 1 }],
    });
  });

  it('leave a reason stale that stands for what is reached or gone', () => {
    const groups = [
      { reason: 'because', branches: { 'a.ts': ['if: if (a)'] } },
      { reason: 'too', branches: { 'b.ts': ['if: if (a)', 'if: if (a)'] } },
    ];
    expect(compareReasons([one], groups)).toEqual({
      without: [],
      stale: ['b.ts: if: if (a)', 'b.ts: if: if (a)'],
      counts: [
        { reason: 'because', count: 1 },
        { reason: 'too', count: 0 },
      ],
    });
  });

  it('may be reached all the same where one run does and the next does not', () => {
    const groups = [{ reason: 'timing', mayBeReached: true, branches: { 'a.ts': ['if: if (a)'] } }];
    expect(compareReasons([], groups)).toEqual({
      without: [],
      stale: [],
      counts: [{ reason: 'timing', count: 0 }],
    });
  });
});
