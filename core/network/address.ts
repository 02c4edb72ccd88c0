import { isIP } from 'node:net';
import { CODE_P2P, multiaddr } from '@multiformats/multiaddr';
import { SyncError } from '../model/errors.ts';

/** What a TCP multiaddr names; `host` is an IP address or, with `named`, a DNS name. */
export interface TcpAddress {
  readonly text: string;
  readonly host: string;
  readonly port: number;
  readonly named: boolean;
}

/** Reads a multiaddr such as `/ip4/192.168.1.7/tcp/4001` or `/dns4/nas.lan/tcp/4001`, without its peer id if it has one; undefined if it is not plain TCP. */
export function readTcpAddress(text: string): TcpAddress | undefined {
  try {
    const address = multiaddr(text).decapsulateCode(CODE_P2P);
    const [host, port, ...rest] = address.getComponents();
    if (host?.value === undefined || port?.name !== 'tcp' || rest.length > 0) return undefined;
    if (!['ip4', 'ip6', 'dns', 'dns4', 'dns6'].includes(host.name)) return undefined;
    return {
      text: address.toString(),
      host: host.value,
      port: Number(port.value),
      named: host.name.startsWith('dns'),
    };
  } catch {
    return undefined;
  }
}

/** The multiaddr a person means: one as it is, or `host:port`, `1.2.3.4:port`, `[::1]:port`. Throws SyncError `bad-argument`. */
export function parseAddress(text: string): string {
  const direct = text.startsWith('/') ? readTcpAddress(text) : undefined;
  if (direct !== undefined) return direct.text;
  const [, bracketed, plain, port] = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:/[\]]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  if (host !== undefined && Number(port) > 0 && Number(port) < 65_536) {
    const kind = isIP(host) === 0 ? 'dns' : `ip${isIP(host)}`;
    const read = readTcpAddress(`/${kind}/${host}/tcp/${Number(port)}`);
    if (read !== undefined) return read.text;
  }
  throw new SyncError('bad-argument', { address: text });
}

/** Where an IP address leads: to this machine, to what shares a cable or a site with it, or anywhere. */
export type Reach = 'loopback' | 'link-local' | 'private' | 'public';

/** The reach of an IP address, by RFC 1918, 3927, 4193 and 4291; an IPv4 address inside an IPv6 one counts as itself. */
export function reachOf(ip: string): Reach {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1];
  const address = mapped ?? ip.toLowerCase();
  if (isIP(address) === 4) {
    const [a = 0, b = 0] = address.split('.').map(Number);
    if (a === 127) return 'loopback';
    if (a === 169 && b === 254) return 'link-local';
    if (a === 10 || (a === 172 && b >= 16 && b < 32) || (a === 192 && b === 168)) return 'private';
    return 'public';
  }
  if (address === '::1') return 'loopback';
  if (/^fe[89ab]/.test(address)) return 'link-local';
  if (/^f[cd]/.test(address)) return 'private';
  return 'public';
}
