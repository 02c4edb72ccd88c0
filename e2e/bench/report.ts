import { plotOf, type PlotGroup } from './plot.ts';
import type { Machine, Measured } from './record.ts';
import { circumstances, type Line, linesOf, quietOthers, spread, tableOf } from './report-lines.ts';
import { widePart } from './report-wide.ts';
import type { PairRow } from './row.ts';
import { pairRows } from './rows.ts';
import { swarmRows } from './swarm-rows.ts';
import { inBytes, inSeconds, inTimes, summaryOf } from './summary.ts';
import { tools } from './tools.ts';

/** Rows of which a time beside rsync's means something. */
const isCompared = (row: PairRow): boolean => row.kind !== 'idle';

/** BENCHMARKS.md, of all that was measured; `findings` is what people found in it. */
export function reportOf(records: readonly Measured[], picture: string, findings = ''): string {
  const parts = [introduction(records, picture)];
  for (const row of pairRows) {
    const lines = linesOf(row.id, records);
    if (lines.length === 0) continue;
    parts.push(
      [
        `## ${row.id}: ${row.title}`,
        '',
        `Goal: ${row.goal}. ${circumstances(lines)}`,
        '',
        tableOf(
          columns(row.kind),
          lines.map((line) => cells(row, line)),
        ),
      ].join('\n'),
    );
  }
  parts.push(...swarmPart(records), ...widePart(records));
  if (findings !== '') parts.push(findings.trim());
  return `${parts.join('\n\n')}\n`;
}

/** Lockstep alone, beside what the links allow. */
function swarmPart(records: readonly Measured[]): readonly string[] {
  const lines = swarmRows.flatMap((row) => {
    const [line] = linesOf(row.id, records);
    if (line === undefined) return [];
    const { measured, summary } = line;
    const limitS = row.limitS(measured.scale);
    const times = [spread(summary.seconds, inSeconds), inSeconds(limitS)];
    const ratio = inTimes(summary.seconds.median / limitS);
    return [{ line, cells: [row.title, ...times, ratio, row.goal, summary.othersUsed.toFixed(2)] }];
  });
  if (lines.length === 0) return [];
  return [
    [
      '## Several devices on slow links',
      '',
      `Lockstep alone; every device is sent to at 100 Mbit/s. ${circumstances(lines.map(({ line }) => line))}`,
      '',
      tableOf(
        ['time', 'limit of the links', '× limit', 'goal', 'others'],
        lines.map(({ cells }) => cells),
      ),
    ].join('\n'),
  ];
}

/** The picture beside it. */
export function pictureOf(records: readonly Measured[]): string {
  const groups: PlotGroup[] = pairRows.filter(isCompared).flatMap((row) => {
    const bars = linesOf(row.id, records).flatMap(({ title, ratio, summary }) =>
      ratio === undefined
        ? []
        : [{ name: title, ratio, label: `${inTimes(ratio)}  (${inSeconds(summary.seconds.median)})` }],
    );
    return bars.length < 2 ? [] : [{ title: row.title, bars }];
  });
  return plotOf('Time until the other device holds the same, beside rsync (shorter is better)', groups);
}

/** One program's figures in a row, for a terminal. */
export function lineOf(measured: Measured): string {
  const { seconds, p95S, wireBytes, processorS, peakMiB, othersUsed } = summaryOf(measured);
  return [
    measured.row,
    measured.tool,
    `${spread(seconds, inSeconds)}${p95S === undefined ? '' : `, 95 %: ${inSeconds(p95S)}`}`,
    inBytes(wireBytes.median),
    `processor ${processorS.near.toFixed(2)} + ${processorS.far.toFixed(2)} s`,
    `memory ${peakMiB.near.toFixed(0)} + ${peakMiB.far.toFixed(0)} MiB`,
    `others used ${othersUsed.toFixed(2)}`,
  ].join(' | ');
}

function columns(kind: PairRow['kind']): readonly string[] {
  const rest = ['on the wire', 'processor, near + far', 'peak memory, near + far', 'others'];
  switch (kind) {
    case 'change':
      return ['time', '× rsync', ...rest];
    case 'changes':
      return ['median', '95th percentile', '× rsync', ...rest];
    case 'reconnect':
      return ['time', '× rsync', ...rest];
    case 'idle':
      return ['of one core, near', 'far', ...rest];
  }
}

function cells(row: PairRow, { title, summary, ratio }: Line): readonly string[] {
  const { seconds, p95S, wireBytes, processorS, peakMiB, othersUsed } = summary;
  const beside = ratio === undefined ? '' : inTimes(ratio);
  const share = (used: number): string => `${((used / seconds.median) * 100).toFixed(2)} %`;
  const own = {
    change: [spread(seconds, inSeconds), beside],
    changes: [inSeconds(seconds.median), p95S === undefined ? '' : inSeconds(p95S), beside],
    reconnect: [spread(seconds, inSeconds), beside],
    idle: [share(processorS.near), share(processorS.far)],
  }[row.kind];
  return [
    title,
    ...own,
    spread(wireBytes, inBytes),
    `${processorS.near.toFixed(2)} + ${processorS.far.toFixed(2)} s`,
    `${peakMiB.near.toFixed(0)} + ${peakMiB.far.toFixed(0)} MiB`,
    othersUsed.toFixed(2),
  ];
}

function introduction(records: readonly Measured[], picture: string): string {
  const machines = [...new Set(records.map(({ machine }) => sayMachine(machine)))];
  const versions = tools.flatMap(({ id, title }) => {
    const found = records.filter(({ tool }) => tool === id).map(({ version }) => version);
    return found.length === 0 ? [] : [`${title} ${[...new Set(found)].join(', ')}`];
  });
  return `# Benchmarks

\`npm run bench\` makes two hosts in network namespaces, joined by a switch, gives the same work to each program and writes this file.
${versions.join('; ')}. ${machines.join('; ')}.

![Times beside rsync](${picture})

## How it is measured

- **Each run** is a pair of new hosts whose folders hold the same files. The program is started on both and left alone until it rests, written data is flushed, and then the work
  is done on the *near* host. The time ends when the *far* folder shows all of it; afterwards both trees are compared by SHA-256 of every file, and a run whose trees differ is an error.
  Figures are medians, with the least and the most in brackets.
- **New files** are made beside the folder and moved into it, so that they are there at once for every program.
- **On the wire** is what passed the near host's link both ways, with all headers, until both sides were at rest again; processor time is counted until then too. Memory is the largest
  sum of what the program's processes on a host held at any time from the change on, looked at ten times a second.
- **Others** is how many processors other programs of the machine used meanwhile. Above ${quietOthers} a row says that its times are not to be believed.
- **Lockstep** and **Syncthing** notice changes themselves; their time includes it. **rsync** and **Unison** have no watcher, or none in this form: they are started by hand in the moment
  of the change, which flatters them by everything that noticing takes. Their rows for a reconnect are a run that finds nothing to do. rsync has no program that idles but its daemon.
- Lockstep runs with everything on: encryption, signatures, hashing on both sides, flushing, its index and kept versions. Only the question about massive changes is off
  (\`massChange.share\` 1), because it waits for a person. rsync and Unison neither encrypt nor flush here. Syncthing encrypts and flushes; discovery outside the lab, relays and reports are off.
- Of a reconnect the time counts from the moment at which the two are connected until they know that they are in step. Where the far program was started anew it looks through its folder first.

\`npm run bench -- --rows big-file --tools lockstep,rsync --runs 3 --scale 0.1\` measures single rows, smaller if wanted; \`--keep\` puts the figures here.`;
}

function sayMachine(machine: Machine): string {
  const { cores, processor, memoryGiB, kernel, node, congestionControl } = machine;
  return `${cores} cores (${processor}), ${memoryGiB} GiB, ${kernel}, Node ${node}, ${congestionControl}`;
}
