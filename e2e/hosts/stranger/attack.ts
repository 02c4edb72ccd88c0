// What a stranger does on a network of members, each way as a program of its own; prints one JSON value.
//   node attack.ts knock|spoof|pair JSON
import dgram from 'node:dgram';
import net from 'node:net';
import { randomBytes } from 'node:crypto';
import { generateKeyPair } from '@libp2p/crypto/keys';
import { peerIdFromPrivateKey } from '@libp2p/peer-id';
import { mdnsAnswer } from './mdns-answer.ts';
import { dialAndAsk, protocols, startRogue } from './rogue.ts';

/** Whom to attack and how much. */
export interface AttackOrder {
  /** `/ip4/…/tcp/…` of the member attacked. */
  readonly address: string;
  readonly peerId: string;
  readonly attempts: number;
  /** In whose name to answer, and where to send those who ask. */
  readonly spoofed?: { readonly peerId: string; readonly own: string };
  readonly seconds?: number;
}

/** What came of it. */
export interface AttackReport {
  /** Connections that were refused before or after the handshake, those that seemed to succeed, streams opened on them by protocol, and bytes that came on these. */
  readonly refused: number;
  readonly connected: number;
  readonly opened: Readonly<Record<string, number>>;
  readonly heard: Readonly<Record<string, number>>;
  /** Answers to offers of other encryptions: all must be refusals. */
  readonly offers: Readonly<Record<string, string>>;
  readonly garbage: number;
  /** False addresses: how often the member came there, and how often it took who answered for the one it looked for. */
  readonly lured: number;
  readonly believed: number;
}

const order = JSON.parse(process.argv[3] ?? '{}') as AttackOrder;
const [, , host = '', , port = ''] = order.address.split('/');
const report = {
  refused: 0,
  connected: 0,
  opened: {} as Record<string, number>,
  heard: {} as Record<string, number>,
  offers: {} as Record<string, string>,
  garbage: 0,
  lured: 0,
  believed: 0,
};
const target = `${order.address}/p2p/${order.peerId}`;

/** Frames as nobody honest writes them: too long, cut short, of no form at all. */
const frames = [
  Uint8Array.of(0xff, 0xff, 0xff, 0x7f),
  Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01),
  Uint8Array.of(0x80, 0x01, 1, 2, 3),
  new Uint8Array(randomBytes(4_096)),
  Uint8Array.of(3, 0x81, 0x00, 0),
];

async function knock(): Promise<void> {
  const rogues = await Promise.all(Array.from({ length: 8 }, () => startRogue()));
  let left = order.attempts;
  await Promise.all(
    rogues.map(async (rogue) => {
      while (left-- > 0) {
        const asked = await dialAndAsk(rogue, target, protocols, frames[left % frames.length] as Uint8Array);
        count(asked);
      }
    }),
  );
  for (let i = 0; i < Math.min(200, order.attempts); i++) await throwBytes(i);
  for (const offer of ['/plaintext/2.0.0', '/tls/1.0.0', '/secio/1.0.0', '/lockstep/trust/1']) {
    // No more than a handful of new connections a second are let in from one address.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    report.offers[offer] = await offerInTheClear(offer);
  }
  for (const rogue of rogues) await rogue.stop();
}

function count(asked: Awaited<ReturnType<typeof dialAndAsk>>): void {
  if (asked === 'refused') {
    report.refused += 1;
    return;
  }
  report.connected += 1;
  for (const [protocol, bytes] of asked.heard) {
    report.opened[protocol] = (report.opened[protocol] ?? 0) + 1;
    report.heard[protocol] = (report.heard[protocol] ?? 0) + bytes;
  }
}

/** Random bytes, or a good beginning and then random bytes, until the other side hangs up. */
function throwBytes(number: number): Promise<void> {
  return new Promise((resolve) => {
    const socket = net.connect(Number(port), host, () => {
      if (number % 2 === 0) socket.write(line('/multistream/1.0.0'));
      if (number % 4 === 0) socket.write(line('/noise'));
      socket.write(randomBytes(64 * 1024));
      report.garbage += 1;
    });
    socket.setTimeout(1_000, () => socket.destroy());
    socket.on('error', () => {});
    socket.on('close', () => resolve());
    socket.resume();
  });
}

/** What the member says when another encryption, or none, is offered in its negotiation: `na` is no. */
function offerInTheClear(protocol: string): Promise<string> {
  return new Promise((resolve) => {
    let heard = '';
    const socket = net.connect(Number(port), host, () => {
      socket.write(Buffer.concat([line('/multistream/1.0.0'), line(protocol)]));
    });
    socket.setTimeout(5_000, () => socket.destroy());
    socket.on('data', (bytes) => {
      heard += bytes.toString('latin1');
      if (heard.split('\n').length > 2) socket.destroy();
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(heard.split('\n')[1]?.slice(1) ?? 'hung up'));
  });
}

const line = (text: string): Buffer => Buffer.concat([Buffer.of(text.length + 1), Buffer.from(`${text}\n`)]);

/** Answers in a member's name, for thousands that do not exist, and with places that are far away. */
async function spoof(): Promise<void> {
  const spoofed = order.spoofed;
  if (spoofed === undefined) throw new RangeError('whom to play?');
  const rogue = await startRogue([`/ip4/${spoofed.own}/tcp/0`]);
  rogue.addEventListener('connection:open', () => {
    report.believed += 1;
  });
  const doorPort = await listenAndCount(spoofed.own, rogue.getMultiaddrs()[0]?.toString() ?? '');
  const socket = dgram.createSocket({ type: 'udp4', reuseAddr: true });
  await new Promise<void>((resolve) => socket.bind(5353, resolve));
  socket.addMembership('224.0.0.251', spoofed.own);
  socket.setMulticastInterface(spoofed.own);
  const services = new Set<string>();
  socket.on('message', (bytes) => {
    for (const [, digits] of bytes.toString('latin1').matchAll(/_lockstep-([0-9a-f]{8})/g))
      services.add(`_lockstep-${digits}._udp.local`);
  });
  const strangers = await Promise.all(Array.from({ length: 20 }, makePeerId));
  // A member asks every ten seconds; a while after it has come there is nothing more to see.
  const until = Date.now() + (order.seconds ?? 10) * 1_000;
  let luredTurn = Number.POSITIVE_INFINITY;
  for (let turn = 0; Date.now() < until && turn < luredTurn + 20; turn++) {
    if (report.lured > 0) luredTurn = Math.min(luredTurn, turn);
    for (const service of services) {
      const door = `/ip4/${spoofed.own}/tcp/${doorPort}`;
      send(
        socket,
        mdnsAnswer(service, spoofed.peerId, [door, '/ip4/127.0.0.1/tcp/1', '/ip4/8.8.8.8/tcp/4001']),
      );
      for (let i = 0; i < 100; i++) {
        const id = strangers[(turn + i) % strangers.length] as string;
        send(socket, mdnsAnswer(service, id, [`/ip4/10.200.${turn % 250}.${i}/tcp/4001`]));
      }
      send(socket, randomBytes(600));
      send(socket, mdnsAnswer(service, 'no-peer-id', ['/ip4/10.0.0.1/tcp/1']));
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  socket.close();
  await rogue.stop();
}

function send(socket: dgram.Socket, packet: Buffer): void {
  socket.send(packet, 5353, '224.0.0.251');
}

async function makePeerId(): Promise<string> {
  return peerIdFromPrivateKey(await generateKeyPair('Ed25519')).toString();
}

/** A door in front of the rogue that counts who comes. */
function listenAndCount(own: string, behind: string): Promise<number> {
  const behindPort = Number(behind.split('/')[4]);
  return new Promise((resolve) => {
    const server = net.createServer((socket) => {
      report.lured += 1;
      const through = net.connect(behindPort, own);
      for (const end of [socket, through]) end.on('error', () => {});
      socket.pipe(through).pipe(socket);
    });
    server.unref();
    server.listen(0, own, () => resolve((server.address() as net.AddressInfo).port));
  });
}

/** While strangers are let in to pair: every protocol but pairing is refused, and frames that are none end what they came on. */
async function pair(): Promise<void> {
  for (let number = 0; number < order.attempts; number++) {
    const rogue = await startRogue();
    count(await dialAndAsk(rogue, target, protocols, frames[number % frames.length] as Uint8Array));
    await rogue.stop();
  }
}

const ways: Readonly<Record<string, () => Promise<void>>> = { knock, spoof, pair };
await ways[process.argv[2] ?? '']?.();
process.stdout.write(`${JSON.stringify(report)}\n`, () => process.exit(0));
