// Shows what the emulated wide-area link does, by ping and iperf3 (both must be there) between two hosts: each way passes two links.
//   node e2e/bench/check-wan.ts [--mbit 3] [--delay-ms 10] [--loss-percent 3] [--seconds 10] [--congestion bbr]
import { execFileSync, spawn } from 'node:child_process';
import { parseArgs } from 'node:util';
import { createLab, type LabHost } from '../harness/lab.ts';
import { listening } from './tools/listening.ts';

const { values } = parseArgs({
  options: {
    mbit: { type: 'string', default: '3' },
    'delay-ms': { type: 'string', default: '10' },
    'loss-percent': { type: 'string', default: '3' },
    seconds: { type: 'string', default: '10' },
    congestion: { type: 'string' },
  },
});
const mbit = Number(values.mbit);
const wan = {
  mbit,
  delayMs: Number(values['delay-ms']),
  lossPercent: Number(values['loss-percent']),
  seed: 1,
};
const lab = createLab(['a', 'b'], {
  wan,
  ...(values.congestion === undefined ? {} : { congestionControl: values.congestion }),
});
const [a, b] = [lab.host('a'), lab.host('b')];
const port = 5201;

function on(host: LabHost, ...command: readonly string[]): string {
  const [program = '', ...args] = [...host.wrap, ...command];
  return execFileSync(program, args, { encoding: 'utf8' });
}

console.log(
  on(a, 'ping', '-q', '-c', '500', '-i', '0.02', b.address()).trim().split('\n').slice(-2).join('\n'),
);
const [program, ...args] = [...b.wrap, 'iperf3', '-s', '-p', String(port)];
const server = spawn(program, args, { stdio: 'ignore' });
try {
  await listening(b, port);
  const iperf = (...options: readonly string[]): string =>
    on(a, 'iperf3', '-J', '-c', b.address(), '-p', String(port), '-t', values.seconds, ...options);
  const { end, error } = JSON.parse(iperf('-u', '-b', `${mbit * 1.5}M`));
  if (end.sum === undefined) throw new Error(`iperf3: ${error}`);
  const { bits_per_second, lost_percent } = end.sum;
  const received = inMbit(bits_per_second * (1 - lost_percent / 100));
  console.log(`UDP: ${inMbit(bits_per_second)} Mbit/s sent, ${received} received`);
  const tcp = JSON.parse(iperf()).end;
  console.log(`TCP, ${tcp.sender_tcp_congestion}: ${inMbit(tcp.sum_received.bits_per_second)} Mbit/s`);
} finally {
  server.kill();
}
for (const host of lab.hosts) console.log(`${host.name}'s link`, host.traffic());
lab.destroy();

function inMbit(bitsPerSecond: number): string {
  return (bitsPerSecond / 1e6).toFixed(2);
}
