import fs from 'node:fs/promises';
import path from 'node:path';
import type { Picture } from './ipc/contract.ts';

/** LIMIT: of each log, its end. */
const maxLogBytes = 512 * 1024;

/** What helps to find a fault, as one text that a person can read before sending it: no secret key, no recovery words, no content; names of folders, files and devices are in it. */
export async function writeReport(facts: {
  readonly version: string;
  readonly system: string;
  readonly engine: string;
  readonly picture: Picture | undefined;
  /** Where the device keeps its logs. */
  readonly logs: string;
}): Promise<string> {
  const { version, system, engine, picture, logs } = facts;
  const parts = [
    `Lockstep ${version}\n${system}\nengine: ${engine}`,
    `# Now\n${picture === undefined ? 'nothing is known' : JSON.stringify(withoutKeys(picture), undefined, 2)}`,
  ];
  for (const name of await namesIn(logs)) parts.push(`# ${name}\n${await endOf(path.join(logs, name))}`);
  return `${parts.join('\n\n')}\n`;
}

/** Keys and their words tell who this is; their beginnings are enough to tell devices apart. */
function withoutKeys({ status, folders, offered, devices, questions }: Picture): unknown {
  const short = (key: string): string => key.slice(0, 7);
  return {
    status: { ...status, deviceKey: short(status.deviceKey), peers: status.peers.map(withShortKey) },
    folders: folders.map(({ holders, ...folder }) => ({ ...folder, holders: holders.map(withShortKey) })),
    offered: offered.map(({ id, name }) => ({ id, name })),
    devices: devices.map(({ words: _, ...device }) => ({
      ...device,
      key: short(device.key),
      addedBy: device.addedBy === null ? null : short(device.addedBy),
      notHeard: device.notHeard.map(short),
    })),
    questions: questions.map(({ kind, counts }) => ({ kind, counts })),
  };
  function withShortKey<T extends { readonly key: string }>(item: T): T {
    return { ...item, key: short(item.key) };
  }
}

async function namesIn(directory: string): Promise<readonly string[]> {
  try {
    return (await fs.readdir(directory)).filter((name) => name.endsWith('.log')).toSorted();
  } catch {
    return [];
  }
}

async function endOf(file: string): Promise<string> {
  const opened = await fs.open(file, 'r');
  try {
    const { size } = await opened.stat();
    const from = Math.max(0, size - maxLogBytes);
    const { buffer, bytesRead } = await opened.read(Buffer.alloc(size - from), 0, size - from, from);
    const text = buffer.toString('utf8', 0, bytesRead);
    return from === 0 ? text : text.slice(text.indexOf('\n') + 1);
  } finally {
    await opened.close();
  }
}
