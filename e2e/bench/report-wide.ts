import type { Measured } from './record.ts';
import { circumstances, type Line, linesOf, spread, tableOf } from './report-lines.ts';
import type { WideRow } from './row.ts';
import { inBytes, inSeconds, inTimes } from './summary.ts';
import { wideLimit } from './wide-limit.ts';
import { wideLink, wideRows } from './wide-rows.ts';

const columns = [
  'time',
  '× limit',
  "× the authors'",
  'sent by all hosts',
  'by the first',
  'frames lost, dropped',
  'processor, near + far',
  'others',
];

/** The rows of the published system, with all that was measured of them. */
export function widePart(records: readonly Measured[]): readonly string[] {
  const rows = wideRows.flatMap((row) => {
    const lines = linesOf(row.id, records);
    return lines.length === 0 ? [] : [sayRow(row, lines)];
  });
  return rows.length === 0 ? [] : [introduction(), ...rows];
}

function sayRow(row: WideRow, lines: readonly Line[]): string {
  const scales = [...new Set(lines.map(({ measured }) => measured.scale))];
  const controls = [...new Set(lines.map(({ measured }) => measured.machine.congestionControl))];
  return [
    `### ${row.id}: ${row.title}`,
    '',
    [
      `${sayLimit(row, scales[0] ?? 1)} Its authors: ${inSeconds(row.publishedS)}.`,
      `Congestion control: ${controls.join(', ')}. ${circumstances(lines)}`,
    ].join(' '),
    '',
    tableOf(
      columns,
      lines.map((line) => cells(row, line)),
    ),
  ].join('\n');
}

function sayLimit(row: WideRow, scale: number): string {
  const { bytes, swarmS, directS } = wideLimit(row, scale);
  if (bytes === 0) return 'Limit: none, no content has to go.';
  const direct = directS === swarmS ? '' : `, ${inSeconds(directS)} if no host passes anything on`;
  return `${inBytes(bytes)} have to arrive in all. Limit: ${inSeconds(swarmS)}${direct}.`;
}

function cells(row: WideRow, { measured, title, summary }: Line): readonly string[] {
  const { seconds, connectedS, wireBytes, nearBytes, frames, processorS, othersUsed } = summary;
  const { swarmS } = wideLimit(row, measured.scale);
  return [
    title,
    `${spread(seconds, inSeconds)}${connectedS === undefined ? '' : `, connected for ${inSeconds(connectedS)}`}`,
    swarmS === 0 ? '' : inTimes(seconds.median / swarmS),
    measured.scale === 1 ? inTimes(seconds.median / row.publishedS) : '',
    spread(wireBytes, inBytes),
    nearBytes === undefined ? '' : inBytes(nearBytes),
    frames === undefined ? '' : `${Math.round(frames.lost)}, ${Math.round(frames.dropped)}`,
    `${processorS.near.toFixed(2)} + ${processorS.far.toFixed(2)} s`,
    othersUsed.toFixed(2),
  ];
}

function introduction(): string {
  const { mbit, delayMs, lossPercent } = wideLink;
  const pathLoss = (1 - (1 - lossPercent / 100) ** 2) * 100;
  return `## On wide-area links: the rows of P2PRN

P2PRN is a published system, a peer-to-peer replication network that runs Unison over SSH between hosts. Its authors measured these nine rows at 3 Mbit/s, 10 ms and 3 % loss; their
figures stand beside ours and were taken on their machines. Here every host stands behind a link of its own to a switch: ${mbit} Mbit/s, ${delayMs} ms and ${lossPercent} % loss each way, a drop-tail
queue of 100 ms. A path between two hosts is two links, a round trip ${delayMs * 4} ms, and ${pathLoss.toFixed(1)} % of the frames of a way are lost on it: no less than the authors had. The links are emulated
by \`e2e/harness/lab-wan.c\` (random loss from a seed), not by netem. The rates need little processor, so other programs disturb these times less.

- **Limit** is the most of three times at ${mbit} Mbit/s: what some host lacks reaches it; what some host alone has leaves it once; all that has to arrive leaves all hosts together.
  Headers, repeats and lost frames are left out. The second figure is for hosts that get everything from those that had it when the work began, as rsync and Unison do it.
- **Sent by all hosts** is counted where a host's link begins, lost frames with it; lost and dropped (no room in the queue) are counted on all links, both ways.
- **By hand**: rsync runs from each host that has something new to every other, all at once. Unison runs from the first host to every other, all at once, and once more where another host had
  something new. Lockstep and Syncthing are left to themselves.
- **Readings.** The authors' traffic fits these: S1-2, the two old hosts have one file of 10 MiB and one of the new ones brings another, so that 50 MiB go; S1-3, two of four hosts have a new file
  each, 60 MiB; S1-5, two files that three hosts have grow on one, 20 MiB; in S2 and S3 one host has all that is new. In S1-2 new hosts have been let in before and are started in the
  moment that counts. *Nothing to do* is a run of rsync or Unison that finds nothing; Lockstep and Syncthing are ended on all hosts but the first, started anew, and the time ends when
  the first knows that all are in step with it. Starting the programs is part of the time.

\`npm run bench -- --rows S1-1 --congestion reno\` takes another congestion control than the machine's.`;
}
