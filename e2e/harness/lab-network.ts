import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Where `ip netns` keeps its names. */
const namespacePlace = '/run/netns';

/** What every namespace and directory of this process's labs begins with: after the run's own prefix, so that runs do not meet, the process's number, since a run has several. */
export const labPrefix = `${process.env.LOCKSTEP_TEST_PREFIX ?? 'ls'}p${process.pid}`;

/** What has passed a host's link since it was made, bytes with all headers. */
export interface Traffic {
  readonly sentBytes: number;
  readonly receivedBytes: number;
  /** Both ways, where the link is an emulated one. */
  readonly frames?: Frames;
}

/** What became of the frames a link was given. */
export interface Frames {
  /** All that went over the wire, the lost ones too. */
  readonly sent: number;
  readonly lost: number;
  /** Those that found no room in the queue. */
  readonly dropped: number;
}

export interface Link {
  traffic(): Traffic;
}

/** Where a host's link into the switch begins and ends; at the host it is called `lan`. */
export interface LinkEnds {
  readonly switchSpace: string;
  readonly port: string;
  readonly hostSpace: string;
}

/** Runs `ip ARGS`; throws with what it said. */
export function ip(...args: readonly string[]): string {
  return run('ip', args);
}

/** Hands a table of rules to the packet filter of a namespace. */
export function filterPackets(namespace: string, rules: string): void {
  run('ip', ['netns', 'exec', namespace, 'nft', '-f', '-'], rules);
}

/** Lets nothing leave a namespace by this link faster than this, with a queue of 100 ms. */
export function limitRate(namespace: string, link: string, mbit: number): void {
  run('ip', [
    'netns',
    'exec',
    namespace,
    'tc',
    'qdisc',
    'replace',
    'dev',
    link,
    'root',
    'tbf',
    'rate',
    `${mbit}mbit`,
    'burst',
    '64kb',
    'latency',
    '100ms',
  ]);
}

/** Joins a host to the switch by a cable. */
export function joinByCable({ switchSpace, port, hostSpace }: LinkEnds): Link {
  const cable = ['link', 'add', 'name', port, 'type', 'veth', 'peer', 'name', 'lan', 'netns', hostSpace];
  ip('-n', switchSpace, ...cable);
  return {
    traffic() {
      const [end] = JSON.parse(ip('-n', switchSpace, '-s', '-j', 'link', 'show', 'dev', port));
      return { sentBytes: end.stats64.rx.bytes, receivedBytes: end.stats64.tx.bytes };
    },
  };
}

/** Lets every TCP connection that begins in a namespace use this congestion control; throws where the kernel does not let it. */
export function controlCongestion(namespace: string, algorithm: string): void {
  const setting = '/proc/sys/net/ipv4/tcp_congestion_control';
  run('ip', ['netns', 'exec', namespace, 'tee', setting], algorithm);
}

/** The directory of a lab: everything its hosts keep. */
export function directoryOfLab(lab: string): string {
  return path.join(os.tmpdir(), lab);
}

/** Ends every process in a namespace and removes it, with every link that has an end in it. Fine if there is none of that name. */
export function removeNamespace(namespace: string): void {
  if (!fs.existsSync(path.join(namespacePlace, namespace))) return;
  for (const pid of ip('netns', 'pids', namespace).split('\n').filter(Boolean)) {
    try {
      process.kill(Number(pid), 'SIGKILL');
    } catch {
      // It ended by itself in between.
    }
  }
  ip('netns', 'delete', namespace);
}

/** Removes what labs left that were never taken down: those of this process that `isLive` does not know, and those of processes that have ended. */
export function sweepLeftovers(isLive: (lab: string) => boolean): void {
  const isLeftover = (name: string): boolean => {
    const [, lab, pid] = /^(ls\d*p(\d+)l\d+)(?:-|$)/.exec(name) ?? [];
    if (lab === undefined || isLive(lab)) return false;
    return Number(pid) === process.pid || !fs.existsSync(`/proc/${pid}`);
  };
  for (const name of namesIn(namespacePlace).filter(isLeftover)) removeNamespace(name);
  for (const name of namesIn(os.tmpdir()).filter(isLeftover))
    fs.rmSync(path.join(os.tmpdir(), name), { recursive: true, force: true });
}

/** Why no lab can be made here: undefined if one can. */
export function whyNoLab(): string | undefined {
  if (process.platform !== 'linux') return 'network namespaces are a thing of Linux';
  if (process.getuid?.() !== 0) return 'network namespaces need root';
  const probe = `${labPrefix}l0-try`;
  try {
    ip('netns', 'add', probe);
    ip('-n', probe, 'link', 'add', 'name', 'lan', 'type', 'bridge');
    ip('-n', probe, 'link', 'add', 'name', 'port', 'type', 'veth', 'peer', 'name', 'end');
    filterPackets(probe, 'add table bridge lab');
    return undefined;
  } catch (error) {
    return `this system does not let us make a network: ${(error as Error).message.split('\n').at(1) ?? String(error)}`;
  } finally {
    if (fs.existsSync(path.join(namespacePlace, probe))) removeNamespace(probe);
  }
}

function namesIn(directory: string): readonly string[] {
  return fs.existsSync(directory) ? fs.readdirSync(directory) : [];
}

function run(program: string, args: readonly string[], input?: string): string {
  return execFileSync(program, args, {
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(input === undefined ? {} : { input }),
  });
}
