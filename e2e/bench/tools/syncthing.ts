import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { waitUntil } from '../../harness/harness.ts';
import type { LabHost } from '../../harness/lab.ts';
import { type HostProcess, startProcess } from '../host-process.ts';
import type { Tool } from '../tool.ts';

const port = 22000;
const apiKey = 'bench';
/** LIMIT: far beyond what anything takes that is not stuck. */
const readyDeadlineMs = 1_200_000;

/** Its own settings, save what reaches out of the lab; `watcherDelayS` undefined leaves that too at its default of ten seconds. */
export function syncthing(watcherDelayS?: number): Tool {
  return {
    id: watcherDelayS === undefined ? 'syncthing' : `syncthing-${watcherDelayS}s`,
    title: watcherDelayS === undefined ? 'Syncthing' : `Syncthing, watcher delay ${watcherDelayS} s`,
    watches: true,
    version: () => execFileSync('syncthing', ['--version'], { encoding: 'utf8' }).split(' ')[1] ?? '?',
    async start(places) {
      const nodes = places.map(({ host, folder }) => prepare(host, folder));
      const [near, ...far] = nodes as [Node, ...Node[]];
      for (const node of nodes) {
        fs.mkdirSync(path.join(node.folder, '.stfolder'));
        fs.writeFileSync(path.join(node.home, 'config.xml'), configOf(node, nodes, watcherDelayS));
      }
      const processes = nodes.map(launch);
      let connectedAt = 0;
      /** Whether all have nothing left to do, and the near one and the others know so of each other. */
      const areInStep = async (): Promise<boolean> => {
        const { connections } = await ask<Connections>(near, '/rest/system/connections');
        if (far.some(({ id }) => connections[id]?.connected !== true)) return false;
        connectedAt ||= performance.now();
        for (const node of nodes) {
          const { state } = await ask<{ state: string }>(node, '/rest/db/status?folder=bench');
          if (state !== 'idle') return false;
        }
        for (const [node, other] of far.flatMap((one) => [[near, one] as const, [one, near] as const])) {
          const { completion, needDeletes } = await ask<{ completion: number; needDeletes: number }>(
            node,
            `/rest/db/completion?folder=bench&device=${other.id}`,
          );
          if (completion < 100 || needDeletes > 0) return false;
        }
        return true;
      };
      await waitUntil('Syncthing is in step', areInStep, readyDeadlineMs);
      return {
        roots() {
          const [nearPid, ...farPids] = processes.map(({ pid }) => pid);
          return { near: [nearPid ?? 0], far: farPids };
        },
        async leave(hosts) {
          await Promise.all(hosts.map(async (at) => processes[at]?.end()));
        },
        async comeBack(hosts) {
          connectedAt = 0;
          for (const at of hosts) processes[at] = launch(nodes[at] as Node);
          await waitUntil('Syncthing is in step again', areInStep, readyDeadlineMs);
          return (performance.now() - connectedAt) / 1000;
        },
        async stop() {
          await Promise.all(processes.map((process) => process.end()));
        },
      };
    },
  };
}

interface Node {
  readonly host: LabHost;
  readonly folder: string;
  readonly home: string;
  readonly id: string;
  readonly socket: string;
}

interface Connections {
  readonly connections: Readonly<Record<string, { readonly connected: boolean }>>;
}

function prepare(host: LabHost, folder: string): Node {
  const home = path.join(host.directory, 'syncthing');
  const env = { ...process.env, HOME: home };
  execFileSync('syncthing', ['generate', `--home=${home}`, '--no-default-folder'], { stdio: 'ignore', env });
  const id = execFileSync('syncthing', [`--home=${home}`, '--device-id'], { encoding: 'utf8', env }).trim();
  return { host, folder, home, id, socket: path.join(home, 'socket') };
}

function launch({ host, home }: Node): HostProcess {
  return startProcess(host, ['syncthing', `--home=${home}`, '--no-browser'], { HOME: home });
}

function configOf(node: Node, nodes: readonly Node[], watcherDelayS = 10): string {
  const each = (text: (node: Node) => string): string => nodes.map(text).join('');
  return `<configuration version="36">
<folder id="bench" path="${node.folder}" type="sendreceive" rescanIntervalS="3600" fsWatcherEnabled="true" fsWatcherDelayS="${watcherDelayS}">
${each(({ id }) => `<device id="${id}"></device>`)}
</folder>
${each(({ id, host }) => `<device id="${id}"><address>tcp://${host.address()}:${port}</address></device>`)}
<gui enabled="true" tls="false"><address>${node.socket}</address><apikey>${apiKey}</apikey></gui>
<options>
<listenAddress>tcp://0.0.0.0:${port}</listenAddress>
<globalAnnounceEnabled>false</globalAnnounceEnabled>
<relaysEnabled>false</relaysEnabled>
<natEnabled>false</natEnabled>
<urAccepted>-1</urAccepted>
<autoUpgradeIntervalH>0</autoUpgradeIntervalH>
<crashReportingEnabled>false</crashReportingEnabled>
<startBrowser>false</startBrowser>
</options>
</configuration>
`;
}

function ask<T>(node: Node, place: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const options = { socketPath: node.socket, path: place, headers: { 'X-API-Key': apiKey } };
    http
      .get(options, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => {
          text += part;
        });
        response.on('end', () => {
          if (response.statusCode === 200) resolve(JSON.parse(text));
          else reject(new Error(`${place}: ${response.statusCode} ${text}`));
        });
      })
      .on('error', reject);
  });
}
