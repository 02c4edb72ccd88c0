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
    async start({ near, far, nearFolder, farFolder }) {
      const here = prepare(near);
      const there = prepare(far);
      const addresses = [
        { id: here.id, address: near.address() },
        { id: there.id, address: far.address() },
      ];
      for (const [node, folder] of [
        [here, nearFolder],
        [there, farFolder],
      ] as const) {
        fs.mkdirSync(path.join(folder, '.stfolder'));
        fs.writeFileSync(
          path.join(node.home, 'config.xml'),
          configOf(node, folder, addresses, watcherDelayS),
        );
      }
      const launch = ({ home }: Node, host: LabHost): HostProcess =>
        startProcess(host, ['syncthing', `--home=${home}`, '--no-browser'], { HOME: home });
      const nearProcess = launch(here, near);
      let farProcess = launch(there, far);
      let connectedAt = 0;
      /** Whether both have nothing left to do and know so of each other. */
      const areInStep = async (): Promise<boolean> => {
        const { connections } = await ask<Connections>(here, '/rest/system/connections');
        if (connections[there.id]?.connected !== true) return false;
        connectedAt ||= performance.now();
        for (const [node, other] of [
          [here, there],
          [there, here],
        ] as const) {
          const { state } = await ask<{ state: string }>(node, '/rest/db/status?folder=bench');
          if (state !== 'idle') return false;
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
        roots: () => ({ near: [nearProcess.pid], far: [farProcess.pid] }),
        leave: () => farProcess.end(),
        async comeBack() {
          connectedAt = 0;
          farProcess = launch(there, far);
          await waitUntil('Syncthing is in step again', areInStep, readyDeadlineMs);
          return (performance.now() - connectedAt) / 1000;
        },
        async stop() {
          await Promise.all([nearProcess.end(), farProcess.end()]);
        },
      };
    },
  };
}

interface Node {
  readonly home: string;
  readonly id: string;
  readonly socket: string;
}

interface Connections {
  readonly connections: Readonly<Record<string, { readonly connected: boolean }>>;
}

function prepare(host: LabHost): Node {
  const home = path.join(host.directory, 'syncthing');
  const env = { ...process.env, HOME: home };
  execFileSync('syncthing', ['generate', `--home=${home}`, '--no-default-folder'], { stdio: 'ignore', env });
  const id = execFileSync('syncthing', [`--home=${home}`, '--device-id'], { encoding: 'utf8', env }).trim();
  return { home, id, socket: path.join(home, 'socket') };
}

function configOf(
  node: Node,
  folder: string,
  devices: readonly { readonly id: string; readonly address: string }[],
  watcherDelayS = 10,
): string {
  const each = (text: (device: { readonly id: string; readonly address: string }) => string): string =>
    devices.map(text).join('');
  return `<configuration version="36">
<folder id="bench" path="${folder}" type="sendreceive" rescanIntervalS="3600" fsWatcherEnabled="true" fsWatcherDelayS="${watcherDelayS}">
${each(({ id }) => `<device id="${id}"></device>`)}
</folder>
${each(({ id, address }) => `<device id="${id}"><address>tcp://${address}:${port}</address></device>`)}
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
