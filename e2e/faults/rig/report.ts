/** What a run of the rig did and found. */
export interface RigReport {
  /** Calls of all acts on both sides, each counted once per fault. */
  calls: number;
  /** Scenes in which the fault came. */
  readonly hits: Record<string, number>;
  /** Scenes in which the device ended, by the fault or on account of it. */
  ended: number;
  /** Scenes in which a device that was dealt an error had to be started anew. */
  readonly restarted: string[];
  /** Contents that users completed. */
  contents: number;
  /** What was not as it should be, with the act, the side and the call. */
  readonly wrong: string[];
  /** Whether the time given was over before all was done. */
  isCut: boolean;
}

export const emptyReport = (): RigReport => ({
  calls: 0,
  hits: {},
  ended: 0,
  restarted: [],
  contents: 0,
  wrong: [],
  isCut: false,
});

/** The figures in one line. */
export function sayTotals(report: RigReport): string {
  const hits = Object.entries(report.hits).map(([name, count]) => `${count} ${name}`);
  return [
    `${report.calls} calls`,
    hits.length === 0 ? 'no fault' : hits.join(', '),
    `${report.ended} ends of a device`,
    `${report.restarted.length} started anew by hand`,
    `${report.contents} contents completed`,
    `${report.wrong.length} violations${report.isCut ? ' (cut short by --minutes)' : ''}`,
  ].join('; ');
}
