import { testFolder } from './testing/index-device.ts';
import { systemClock, systemRandom, silentLog } from './base/base.ts';
import { bytesToHex, hexToBytes } from './base/pure.ts';
import { createBlockFetcher, serveBlocks } from './transfer/transfer.ts';
import { createLibp2pNetwork } from './network/network.ts';
import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { ed25519 } from '@noble/curves/ed25519.js';
process.on('uncaughtException', (e) => console.error('U', e)); process.on('unhandledRejection', (e) => console.error('R', e));
const big = new Uint8Array(64 << 20); for (let i = 0; i < big.length; i += 65536) crypto.getRandomValues(big.subarray(i, i + 65536));
function blocksOf(n: number, size: number, src: Uint8Array) { return Array.from({length: n}, (_, i) => { const at = (i * size) % (src.length - size); const bytes = src.subarray(at, at + size); return { offset: at, sizeBytes: size, hash: createHash('sha256').update(bytes).digest('hex'), content: createHash('sha256').update('c' + i).digest('hex') }; }); }
const parts = (seed: Uint8Array) => ({ seed, admission: (() => 'admit') as any, clock: systemClock, random: systemRandom, log: silentLog });
if (process.argv[2] === 'server') {
  let seq = 0;
  const seed0 = systemRandom.bytes(32); const key = bytesToHex(ed25519.getPublicKey(seed0)); const net = await createLibp2pNetwork(parts(seed0), { listen: ['/ip4/127.0.0.1/tcp/0'] });
  const src = new Uint8Array(64 << 20); { let x = 1; const v = new Uint32Array(src.buffer); for (let i = 0; i < v.length; i++) { x = (Math.imul(x, 1664525) + 1013904223) >>> 0; v[i] = x; } }
  net.handle('/lockstep/blk/1', (stream, connection) => void serveBlocks({ connection, stream }, { log: silentLog, folder: () => ({ readBlock: async (i: any) => src.slice(i.offset, i.offset + i.sizeBytes) }) as any, mayAccess: () => true }));
  net.onConnection(() => {});
  await net.start();
  process.send!({ addresses: net.addresses(), key });
  setInterval(() => {}, 1000);
} else {
  const src = new Uint8Array(64 << 20); { let x = 1; const v = new Uint32Array(src.buffer); for (let i = 0; i < v.length; i++) { x = (Math.imul(x, 1664525) + 1013904223) >>> 0; v[i] = x; } }
  const child = fork(process.argv[1]!, ['server'], { execArgv: [] });
  const { addresses, key } = await new Promise<any>((r) => child.once('message', r));
  const seed = systemRandom.bytes(32);
  const net = await createLibp2pNetwork(parts(seed), { listen: [] });
  net.onConnection(() => {});
  await net.start();
  console.log(addresses, key);
  const conn = await net.dial(key, addresses.map((a: string) => typeof a === 'string' ? ({ address: a, origin: 'person' }) : a));
  const f = createBlockFetcher({ clock: systemClock, random: systemRandom, log: silentLog });
  f.addPeer(conn);
  for (const [n, size] of [[1024, 131072], [4096, 131072], [5000, 8192], [40, 4 << 20]] as const) {
    const items = blocksOf(n, size, src) as any;
    const seen = new Set(items.map((i: any) => i.hash)).size;
    const t = performance.now(); let bytes = 0;
    const { missing } = await f.fetch({ folderId: testFolder, items, signal: new AbortController().signal, onBlock: (_i, b) => { bytes += b.length; } });
    const ms = performance.now() - t;
    console.log(n, size, 'unique', seen, 'missing', missing.length, ms.toFixed(0) + ' ms', (seen * size / ms / 1000).toFixed(0) + ' MB/s', 'rate', (f.rateOf(conn.peer) / 1e6).toFixed(0));
  }
  child.kill(); process.exit(0);
}
