import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';

/** A relay on loopback that keeps every octet, of each connection in each direction in one piece. */
export interface Recorder {
  readonly address: string;
  /** Everything since the start. */
  traffic(): readonly Buffer[];
  stop(): void;
}

/** `target`: an address of plain HTTP, so that what crosses is readable. */
export async function startRecorder(target: string): Promise<Recorder> {
  const { hostname, port } = new URL(target);
  const streams: Buffer[][] = [];
  const open = new Set<net.Socket>();
  const server = net.createServer((near) => {
    const far = net.connect(Number(port), hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      const heard: Buffer[] = [];
      streams.push(heard);
      open.add(from);
      from.on('data', (bytes) => heard.push(bytes));
      from.pipe(to);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        open.delete(from);
        to.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    traffic: () => streams.map((heard) => Buffer.concat(heard)),
    stop: () => {
      for (const socket of open) socket.destroy();
      server.close();
    },
  };
}
