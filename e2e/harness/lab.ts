import fs from 'node:fs';
import path from 'node:path';
import {
  controlCongestion,
  directoryOfLab,
  filterPackets,
  ip,
  joinByCable,
  labPrefix,
  limitRate,
  removeNamespace,
  sweepLeftovers,
  type Traffic,
} from './lab-network.ts';
import { joinByWan, type WanConditions } from './lab-wan.ts';

export { type Frames, type Traffic, whyNoLab } from './lab-network.ts';

/** How a lab differs from hosts that stand in one room. */
export interface LabConditions {
  /** What each host's link is like; a cable if not given. */
  readonly wan?: WanConditions;
  /** Of TCP, on every host; this machine's own if not given. */
  readonly congestionControl?: string;
}

/** A machine of a lab: a network namespace with one link into the lab's switch. */
export interface LabHost {
  readonly name: string;
  /** Runs a command on this host, in place of itself: for `DeviceSetup.wrap`. */
  readonly wrap: readonly string[];
  /** A directory for what this host keeps. */
  readonly directory: string;
  /** Its IPv4 address now. */
  address(): string;
  traffic(): Traffic;
  /** Pulls the plug of its link, as the host sees it too. */
  cut(): void;
  heal(): void;
  /** From now on it sends, and is sent to, at no more than these rates. */
  limit(rates: { readonly upMbit: number; readonly downMbit: number }): void;
  /** Gives it another address on the same network, as when a lease has run out. */
  renumber(): void;
}

/** Hosts on one network: 10.LAB.0.0/16, no gateway, IPv6 as the kernel makes it. */
export interface Lab {
  readonly hosts: readonly LabHost[];
  readonly directory: string;
  host(name: string): LabHost;
  /** From now on nothing passes between these two, unseen by both; each still reaches all others. Replaces what was parted before. */
  part(...pairs: readonly (readonly [string, string])[]): void;
  /** Ends its processes and removes all of it, directories too. Safe to call twice. */
  destroy(): void;
}

const liveLabs = new Map<string, Lab>();
let labsMade = 0;
process.on('exit', () => {
  for (const lab of liveLabs.values()) lab.destroy();
});

/**
 * Makes hosts of these names, joined by a switch in a namespace of its own: nothing of it lies in this machine's own network. Needs root; throws with nothing
 * left when refused. Leftovers of labs that were never taken down go first.
 */
export function createLab(names: readonly string[], conditions: LabConditions = {}): Lab {
  sweepLeftovers((lab) => liveLabs.has(lab));
  labsMade += 1;
  const id = `${labPrefix}l${labsMade}`;
  const net = labsMade;
  const directory = directoryOfLab(id);
  const switchSpace = `${id}-switch`;
  const spaceOf = (name: string): string => `${id}-${name}`;
  const portOf = (name: string): string => `to-${name}`;
  const isKnown = (name: string): boolean => names.includes(name);

  const destroy = (): void => {
    for (const name of names) removeNamespace(spaceOf(name));
    removeNamespace(switchSpace);
    fs.rmSync(directory, { recursive: true, force: true });
    liveLabs.delete(id);
  };

  const createHost = (name: string, place: number): LabHost => {
    const space = spaceOf(name);
    const own = path.join(directory, name);
    fs.mkdirSync(own, { recursive: true });
    let subnet = 0;
    const address = (): string => `10.${net}.${subnet}.${place + 1}`;
    const plug = (state: 'up' | 'down'): void => {
      ip('-n', switchSpace, 'link', 'set', 'dev', portOf(name), state);
    };
    const takeAddress = (): void => {
      ip('-n', space, 'address', 'add', `${address()}/16`, 'dev', 'lan');
      // Without any gateway a kernel sends multicast nowhere unless told, and forgets it with the last address.
      ip('-n', space, 'route', 'replace', '224.0.0.0/4', 'dev', 'lan');
    };
    ip('netns', 'add', space);
    ip('-n', space, 'link', 'set', 'dev', 'lo', 'up');
    const ends = { switchSpace, port: portOf(name), hostSpace: space };
    const { traffic } =
      conditions.wan === undefined
        ? joinByCable(ends)
        : joinByWan(ends, directory, { ...conditions.wan, seed: conditions.wan.seed + place });
    if (conditions.congestionControl !== undefined) controlCongestion(space, conditions.congestionControl);
    ip('-n', switchSpace, 'link', 'set', 'dev', portOf(name), 'master', 'switch', 'up');
    ip('-n', space, 'link', 'set', 'dev', 'lan', 'up');
    takeAddress();
    return {
      name,
      directory: own,
      wrap: ['ip', 'netns', 'exec', space],
      address,
      traffic,
      cut: () => plug('down'),
      heal: () => plug('up'),
      limit({ upMbit, downMbit }) {
        limitRate(space, 'lan', upMbit);
        limitRate(switchSpace, portOf(name), downMbit);
      },
      renumber() {
        ip('-n', space, 'address', 'delete', `${address()}/16`, 'dev', 'lan');
        subnet += 1;
        takeAddress();
      },
    };
  };

  const lab: Lab = {
    hosts: [],
    directory,
    host(name) {
      const found = lab.hosts.find((host) => host.name === name);
      if (found === undefined) throw new RangeError(`no host ${name} in this lab`);
      return found;
    },
    part(...pairs) {
      if (!pairs.flat().every(isKnown)) throw new RangeError(`no such hosts in this lab: ${pairs.join(' ')}`);
      const drops = pairs.flatMap(([a, b]) => [
        dropBetween(portOf(a), portOf(b)),
        dropBetween(portOf(b), portOf(a)),
      ]);
      filterPackets(
        switchSpace,
        [
          'add table bridge lab',
          'delete table bridge lab',
          'table bridge lab {',
          'chain forward {',
          'type filter hook forward priority 0; policy accept;',
          ...drops,
          '}',
          '}',
          '',
        ].join('\n'),
      );
    },
    destroy,
  };
  liveLabs.set(id, lab);
  try {
    ip('netns', 'add', switchSpace);
    ip(
      '-n',
      switchSpace,
      'link',
      'add',
      'name',
      'switch',
      'type',
      'bridge',
      'stp_state',
      '0',
      'forward_delay',
      '0',
      'mcast_snooping',
      '0',
    );
    ip('-n', switchSpace, 'link', 'set', 'dev', 'switch', 'up');
    return Object.assign(lab, { hosts: names.map(createHost) });
  } catch (error) {
    destroy();
    throw error;
  }
}

function dropBetween(from: string, to: string): string {
  return `iifname "${from}" oifname "${to}" drop`;
}
