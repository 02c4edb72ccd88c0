import type { Lab, Traffic } from '../harness/lab.ts';

/** Keeps account of what passes the links of a lab, step by step. */
export interface ByteTable {
  /** Runs one step; returns what each host sent and received meanwhile and what was sent in all. */
  during(
    name: string,
    step: () => Promise<void>,
  ): Promise<{ readonly byHost: ReadonlyMap<string, Traffic>; readonly sentBytes: number }>;
  /** All steps so far, a line each. */
  print(): string;
}

export function createByteTable(lab: Lab): ByteTable {
  const rows: string[][] = [];
  return {
    async during(name, step) {
      const before = lab.hosts.map((host) => host.traffic());
      const startedAt = performance.now();
      await step();
      const byHost = new Map<string, Traffic>();
      for (const [at, host] of lab.hosts.entries()) {
        const after = host.traffic();
        byHost.set(host.name, {
          sentBytes: after.sentBytes - (before[at]?.sentBytes ?? 0),
          receivedBytes: after.receivedBytes - (before[at]?.receivedBytes ?? 0),
        });
      }
      const seconds = (performance.now() - startedAt) / 1000;
      rows.push([
        name,
        seconds.toFixed(1),
        ...[...byHost.values()].flatMap(({ sentBytes, receivedBytes }) => [
          kilo(sentBytes),
          kilo(receivedBytes),
        ]),
      ]);
      return { byHost, sentBytes: [...byHost.values()].reduce((sum, { sentBytes }) => sum + sentBytes, 0) };
    },
    print() {
      const head = [
        'kB on each link',
        'seconds',
        ...lab.hosts.flatMap(({ name }) => [`${name} sent`, 'received']),
      ];
      const table = [head, ...rows];
      const widths = head.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
      return table
        .map((row) =>
          row
            .map((cell, column) =>
              column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
            )
            .join('  '),
        )
        .join('\n');
    },
  };
}

function kilo(bytes: number): string {
  return (bytes / 1000).toFixed(1);
}
