import type { Command } from 'commander';
import type { IgnoreRule } from '../../../core/engine/engine.ts';
import { formatTable, printable } from '../format.ts';
import { parsePath } from '../parse.ts';
import { type AddCommand, addCommonOptions } from '../shell.ts';

/** `lockstep ignore …`: what of a folder is not kept in step. */
export function addIgnoreCommands(program: Command, add: AddCommand): void {
  const ignore = addCommonOptions(program.command('ignore')).description(
    'what of a folder is left out: the patterns of its .lockstepignore, which mean what they mean in a .gitignore',
  );
  add(
    ignore,
    'list <FOLDERID>',
    'list the ignore rules of a folder',
    async (surface, _options, id: string) => {
      const rules = await surface.withDevice((device) => device.call('ignoreList', { folder: id }));
      surface.output.result(rules, ruleLines(rules));
    },
  );
  add(
    ignore,
    'add <FOLDERID> <PATTERN>',
    'leave out what fits a pattern, on all devices; nothing is deleted',
    async (surface, _options, id: string, pattern: string) => {
      const rules = await surface.withDevice((device) => device.call('ignoreAdd', { folder: id, pattern }));
      surface.output.result(rules, ruleLines(rules));
    },
  );
  add(
    ignore,
    'remove <FOLDERID> <PATTERN>',
    'take a pattern away again',
    async (surface, _options, id: string, pattern: string) => {
      const rules = await surface.withDevice((device) =>
        device.call('ignoreRemove', { folder: id, pattern }),
      );
      surface.output.result(rules, ruleLines(rules));
    },
  );
  add(
    ignore,
    'test <PATH>',
    'tell which rule decides about a path',
    async (surface, _options, given: string) => {
      const said = await surface.withDevice((device) =>
        device.call('ignoreTest', { path: parsePath(given) }),
      );
      const by = said.rule === null ? '' : `, by \`${printable(said.rule)}\``;
      surface.output.result(said, [`${said.ignored ? 'Left out' : 'Kept in step'}${by}.`]);
    },
  );
}

function ruleLines(rules: readonly IgnoreRule[]): readonly string[] {
  if (rules.length === 0) return ['No rules of its own.'];
  return formatTable(
    ['LINE', 'PATTERN'],
    rules.map(({ line, pattern }) => [String(line), printable(pattern)]),
  );
}
