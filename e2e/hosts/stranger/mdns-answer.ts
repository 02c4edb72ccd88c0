/** A multicast DNS answer that claims: in this service there is a device of this peer id at these addresses. */
export function mdnsAnswer(service: string, peerId: string, addresses: readonly string[]): Buffer {
  const instance = `${peerId.slice(-8)}.${service}`;
  const records = [
    record(service, 12, nameBytes(instance)),
    ...addresses.map((address) => {
      const text = Buffer.from(`dnsaddr=${address}/p2p/${peerId}`);
      return record(instance, 16, Buffer.concat([Buffer.of(text.length), text]));
    }),
  ];
  const header = Buffer.alloc(12);
  header.writeUInt16BE(0x8400, 2);
  header.writeUInt16BE(records.length, 6);
  return Buffer.concat([header, ...records]);
}

function record(name: string, type: number, data: Buffer): Buffer {
  const fixed = Buffer.alloc(10);
  fixed.writeUInt16BE(type, 0);
  fixed.writeUInt16BE(1, 2);
  fixed.writeUInt32BE(120, 4);
  fixed.writeUInt16BE(data.length, 8);
  return Buffer.concat([nameBytes(name), fixed, data]);
}

function nameBytes(name: string): Buffer {
  const labels = name.split('.').map((label) => Buffer.concat([Buffer.of(label.length), Buffer.from(label)]));
  return Buffer.concat([...labels, Buffer.of(0)]);
}
