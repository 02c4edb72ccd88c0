import { expect, test } from 'vitest';
import { checkSpecs } from './spec-check.mjs';
import { temporaryProject } from './temporary-project.ts';

// The marks are put together, so that the check does not take them for this project's own.
const mark = (rule: string): string => ['[', rule, ']'].join('');

test('rules and tests that name each other are in order', () => {
  const root = temporaryProject({
    'core/plan/SPEC.md': '# Plan\n\n**PL1** Deletes come last.\n- **PL2** Not more than the disk holds.\n',
    'core/plan/order.test.ts': `test('${mark('PL1')} deletes last', () => {});\ntest(\`${mark('PL2')} room\`, () => {});\n`,
  });
  expect(checkSpecs(root)).toEqual({ problems: [], rules: 2 });
});

test('an attack of the threat model is a rule like any other', () => {
  const root = temporaryProject({
    'THREAT-MODEL.md': '- **A1** A bit is flipped.\n- **A2** A key of no worth.\n',
    'core/trust/log.test.ts': `test('${mark('A1')} refuses it', () => {});\n`,
  });
  expect(checkSpecs(root)).toEqual({
    problems: [`THREAT-MODEL.md: rule A2 has no test with ${mark('A2')} in its name`],
    rules: 2,
  });
});

test('a rule without a test, a mark without a rule and a rule twice are told', () => {
  const root = temporaryProject({
    'core/plan/SPEC.md': '**PL1** Deletes come last.\n**PL1** Deletes come first.\n',
    'core/apply/SPEC.md': '**AP7** Nothing half-written, see **PL1**.\n',
    'core/plan/order.test.ts': `test('${mark('PL3')} what', () => {});\n`,
  });
  expect(checkSpecs(root).problems).toEqual([
    'core/plan/SPEC.md: rule PL1 already stands in core/plan/SPEC.md',
    `core/plan/order.test.ts: ${mark('PL3')} names a rule that stands in no SPEC.md`,
    `core/apply/SPEC.md: rule AP7 has no test with ${mark('AP7')} in its name`,
    `core/plan/SPEC.md: rule PL1 has no test with ${mark('PL1')} in its name`,
  ]);
});
