import { describe, expect, it } from 'vitest';
import { takeWorldOptions } from './world-options.mjs';

describe('the options of simulated worlds', () => {
  it('are taken out of the arguments, in either spelling', () => {
    expect(takeWorldOptions(['--worlds', '7', '-t', 'calm', '--histories=8', '--seed=folding:9'])).toEqual({
      rest: ['-t', 'calm'],
      env: { LOCKSTEP_WORLDS: '7', LOCKSTEP_HISTORIES: '8', LOCKSTEP_SEED: 'folding:9' },
    });
  });

  it.each([[['--worlds']], [['--worlds', 'many']], [['--seed']]])(
    'are refused without a value: %j',
    (args) => {
      expect(() => takeWorldOptions(args)).toThrow(RangeError);
    },
  );
});
