import type { Command } from 'commander';
import { parseRate, type Rate, scheduleOf } from '../../../core/engine/engine.ts';
import { SyncError } from '../../../core/model/errors.ts';
import { limitLines, rateForm, scheduleLines } from '../limits-text.ts';
import { usage } from '../parse.ts';
import { type AddCommand, addCommonOptions } from '../shell.ts';

interface LimitOptions {
  readonly up?: string;
  readonly down?: string;
  readonly lan?: string;
}

/** `lockstep limits`: how much of the network this device may use. */
export function addLimitsCommand(program: Command, add: AddCommand): void {
  add(
    program,
    'limits',
    'show, or set, how fast this device may send and receive',
    async ({ output, withDevice }, options: LimitOptions) => {
      const choice = {
        ...(options.up === undefined ? {} : { sendBps: rateOf(options.up) }),
        ...(options.down === undefined ? {} : { receiveBps: rateOf(options.down) }),
        ...(options.lan === undefined ? {} : { lanExempt: isExempt(options.lan) }),
      };
      const limits = await withDevice((device) =>
        Object.keys(choice).length === 0 ? device.call('limits') : device.call('limitsSet', choice),
      );
      output.result(limits, limitLines(limits));
    },
  )
    .option(
      '--up <RATE>',
      `send at most this much to all other devices together: ${rateForm}; \`none\` for as fast as it goes`,
    )
    .option('--down <RATE>', 'receive at most this much from all other devices together')
    .option('--lan <HOW>', 'devices on the same local network: `exempt` from these limits, or `limited` too');
}

/** `lockstep schedule …`: the times of the week at which syncing rests or is slower. */
export function addScheduleCommands(program: Command, add: AddCommand): void {
  const group = addCommonOptions(program.command('schedule')).description(
    'times of the week at which syncing rests or is held to limits',
  );
  add(group, 'list', 'list them', async ({ output, withDevice }) => {
    const limits = await withDevice((device) => device.call('limits'));
    output.result(limits.schedule, scheduleLines(limits));
  });
  add(
    group,
    'add <DAYS> <TIMES> <WHAT>',
    'add one: `mon-fri 08:00-18:00 pause`, or `daily 22:00-06:00 limit --up 100k`, by the clock of this machine; days are daily, mon to sun, runs of them and lists with commas',
    async (
      { output, withDevice },
      { up, down }: Omit<LimitOptions, 'lan'>,
      days: string,
      times: string,
      what: string,
    ) => {
      const rates = [
        ...(up === undefined ? [] : [`up=${up}`]),
        ...(down === undefined ? [] : [`down=${down}`]),
      ];
      const added = scheduleOf([days, times, what, ...rates].join(' '));
      const limits = await withDevice(async (device) => {
        const { schedule } = await device.call('limits');
        return device.call('limitsSet', { schedule: [...schedule, ...added] });
      });
      output.result(limits.schedule, scheduleLines(limits));
    },
  )
    .option('--up <RATE>', 'with `limit`: send at most this much, as in `lockstep limits`')
    .option('--down <RATE>', 'with `limit`: receive at most this much');
  add(
    group,
    'remove <NUMBER>',
    'remove one, by its number in the list',
    async (surface, _options, text: string) => {
      const limits = await surface.withDevice(async (device) => {
        const { schedule } = await device.call('limits');
        const number = /^\d{1,3}$/.test(text) ? Number(text) : 0;
        if (number < 1 || number > schedule.length)
          throw new SyncError('not-found', { what: 'schedule', text });
        return device.call('limitsSet', { schedule: schedule.filter((_, i) => i !== number - 1) });
      });
      surface.output.result(limits.schedule, scheduleLines(limits));
    },
  );
  add(group, 'clear', 'remove all', async ({ output, withDevice }) => {
    const limits = await withDevice((device) => device.call('limitsSet', { schedule: [] }));
    output.result(limits.schedule, scheduleLines(limits));
  });
}

function rateOf(text: string): Rate {
  const rate = parseRate(text);
  if (rate === undefined) throw usage(`\`${text}\` is no rate`, `Write ${rateForm}, or \`none\`.`);
  return rate;
}

function isExempt(text: string): boolean {
  if (text === 'exempt' || text === 'limited') return text === 'exempt';
  throw usage(`\`${text}\` is no way to treat the local network`, 'It is `exempt` or `limited`.');
}
