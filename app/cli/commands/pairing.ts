import type { Command } from 'commander';
import type { NearbyDevice, PairStep } from '../../../core/engine/engine.ts';
import { SyncError } from '../../../core/model/errors.ts';
import type { ControlClient } from '../../control/client.ts';
import type { LineReader } from '../ask.ts';
import { formatSpan, formatTable, printable } from '../format.ts';
import { parseSeconds } from '../parse.ts';
import type { AddCommand, Surface } from '../shell.ts';
import { recoveryText } from '../text.ts';

/** Sooner than this nobody waits for a person. */
const askingMs = 500;
/** Characters of a whole device key, without what separates its groups. */
const wholeKeyLength = 56;

interface PairOptions {
  readonly yes?: boolean;
  readonly recovery: boolean;
}

/** `lockstep device nearby`, `pair` and `allow`: new devices without an invitation. */
export function addPairingCommands(device: Command, add: AddCommand): void {
  add(
    device,
    'nearby',
    'open pairing for five minutes, and list devices near that belong to no group here',
    async (surface, options: { timeout?: string }) => {
      const timeoutS = options.timeout === undefined ? undefined : parseSeconds(options.timeout);
      const devices = await surface.withDevice((client) =>
        client.call('deviceNearby', timeoutS === undefined ? {} : { timeoutS }),
      );
      surface.output.result(devices, nearbyLines(devices));
    },
  ).option('--timeout <SECONDS>', 'how long to look if none is there (default: 10)');
  add(
    device,
    'pair <KEY>',
    'pair with a device near by: the one in a group asks for the six digits that the other one shows',
    (surface, options: PairOptions, key: string) => pair(surface, options, key),
  )
    .option('--yes', 'on the device that joins: do not ask whether the other one says that they are paired')
    .option('--no-recovery', 'if this founds the group: without a recovery code, now and for ever');
  add(
    device,
    'allow <KEY>',
    'let a device in once, within a day of running, if this one’s key is given there too',
    async (surface, options: { recovery: boolean }, key: string) => {
      const done = await surface.withDevice((client) =>
        client.call('deviceAllow', { device: key, recovery: options.recovery }),
      );
      surface.output.result(done, [
        `The device may come in within ${formatSpan(done.expiresInS)} of running, once. There: \`lockstep device allow\` with the key of this one (\`lockstep id\`). If both belong to a group, one has to leave it first.`,
        ...(done.recoveryCode === undefined
          ? []
          : [
              '',
              'If the two belong to no group yet, this device founds one.',
              ...recoveryText(done.recoveryCode),
            ]),
      ]);
    },
  ).option('--no-recovery', 'if this founds the group: without a recovery code, now and for ever');
}

async function pair(surface: Surface, options: PairOptions, key: string): Promise<void> {
  const lines = surface.readLines();
  const telling = setTimeout(
    () =>
      surface.output.note(
        'Looking for the other device. There: `lockstep device pair` with the key of this one. Ctrl-C gives up.',
      ),
    askingMs,
  );
  try {
    await surface.withDevice(async (client) => {
      let step = await client
        .call('devicePair', { device: key, recovery: options.recovery })
        .finally(() => clearTimeout(telling));
      while (step.step !== 'paired') {
        const told = step;
        const following = client.call('devicePairNext', { pairing: step.pairing });
        step = await follow(following, (signal) =>
          act(told, { surface, options, key, client, lines, signal }),
        );
      }
      tellPaired(surface, step);
    });
  } catch (error) {
    // Whoever reads the result is told what is missing, and not that somebody said no.
    if (lines.hasRunOut && error instanceof SyncError && error.facts.what === 'declined-here')
      throw new SyncError('not-allowed', { what: 'no-secret' }, { retry: 'after-user', cause: error });
    throw error;
  } finally {
    clearTimeout(telling);
    lines.close();
  }
}

/** The next step, whatever comes of what is done meanwhile; that ends with it, and its failure is this one's. */
async function follow(
  following: Promise<PairStep>,
  doing: (signal: AbortSignal) => Promise<void>,
): Promise<PairStep> {
  const over = new AbortController();
  const done = doing(over.signal).catch((error: unknown) => {
    if (!over.signal.aborted) throw error;
  });
  try {
    return await Promise.race([following, done.then(() => following)]);
  } finally {
    over.abort(new SyncError('interrupted'));
    following.catch(() => {});
  }
}

interface Acting {
  readonly surface: Surface;
  readonly options: PairOptions;
  readonly key: string;
  readonly client: ControlClient;
  readonly lines: LineReader;
  readonly signal: AbortSignal;
}

/** What a step needs from this side. */
async function act(told: PairStep, acting: Acting): Promise<void> {
  const { surface, client } = acting;
  const { pairing } = told;
  if (told.step === 'code') {
    if (!mayVouch(acting))
      throw new SyncError('not-allowed', { what: 'no-terminal' }, { retry: 'after-user' });
    surface.output.result({ event: 'code', code: told.code }, [`code ${told.code}`]);
    surface.output.note(
      'Type this code on the other device. It counts only if that device itself then says that they are paired.',
    );
  } else if (told.step === 'digits') await typeDigits(told, acting);
  else if (told.step === 'confirm')
    await client.call('devicePairAnswer', { pairing, agrees: await saysPaired(told.name, acting) });
  else if (told.step === 'matched')
    surface.output.note(`Paired with ${printable(told.name)}. It is admitted once a person there agrees.`);
}

async function typeDigits(
  { pairing, name, triesLeft }: Extract<PairStep, { step: 'digits' }>,
  { surface, client, lines, signal }: Acting,
): Promise<void> {
  if (triesLeft < 3) surface.output.note('Not the same digits.');
  const prompt = `The six digits that ${printable(name)} shows`;
  const digits = await lines.next(prompt, signal);
  await client.call('devicePairAnswer', { pairing, digits: digits ?? null });
}

/** Where nobody can be asked, whoever named the host by its whole key has said which device is meant, and the connection proves that it is that one. */
function mayVouch({ surface, options, key }: Acting): boolean {
  const isWhole = key.replace(/[^A-Za-z0-9]/g, '').length === wholeKeyLength;
  return surface.canAsk || options.yes === true || isWhole;
}

/** Whether the host itself says that the two are paired: whoever stands between them can claim anything but make it say so. */
async function saysPaired(name: string, { surface, options, lines, signal }: Acting): Promise<boolean> {
  if (options.yes === true || !surface.canAsk) return true;
  const answer = await lines.next(`Does ${printable(name)} itself say “Paired”? [y/N]`, signal);
  return /^y(es)?$/i.test(answer ?? '');
}

function tellPaired(surface: Surface, step: Extract<PairStep, { step: 'paired' }>): void {
  const { deviceKey, group, recoveryCode } = step;
  surface.output.result({ deviceKey, group, ...(recoveryCode === undefined ? {} : { recoveryCode }) }, [
    `The device ${deviceKey} now belongs to the group ${group}.`,
    ...(recoveryCode === undefined ? [] : ['', ...recoveryText(recoveryCode)]),
  ]);
}

function nearbyLines(devices: readonly NearbyDevice[]): readonly string[] {
  if (devices.length === 0)
    return ['No device near by has pairing open: run `lockstep device nearby` there too.'];
  return [
    ...formatTable(
      ['KEY', 'CALLS ITSELF', 'WORDS', 'ADDRESS'],
      devices.map(({ key, words, claimedName, address }) => [
        key,
        claimedName === null ? '' : printable(claimedName),
        words,
        address === null ? '' : printable(address),
      ]),
    ),
    '',
    'What they say of themselves is not verified. To pair, on both devices: `lockstep device pair` with the other one’s key.',
  ];
}
