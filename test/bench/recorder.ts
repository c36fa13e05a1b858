import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  /** Calls of one turn were asked at the same time: each began before any of the others was answered. */
  readonly turn: number;
}

/** A proxy on loopback before a real server that keeps what was asked; `taken` forgets it. */
export async function startRecorder(target: string) {
  let calls: Call[] = [];
  let turn = 0;
  let open = 0;
  let isAnswered = true;
  const server = http.createServer((request, response) => {
    if (open === 0 || isAnswered) turn += 1;
    isAnswered = false;
    open += 1;
    const mine = turn;
    response.on('close', () => {
      open -= 1;
      isAnswered = true;
    });
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const { method = 'GET', url = '/', headers } = request;
      calls.push({ method, path: url, body: body.toString('utf8'), turn: mine });
      http
        .request(new URL(url, target), { method, headers }, (answer) => {
          response.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(response);
        })
        .end(body);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    taken(): readonly Call[] {
      const before = calls;
      calls = [];
      return before;
    },
    stop(): void {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** As many connections as the product's own transport opens at most. */
const CONNECTIONS = 32;

/** Asks the same again over connections that stay; throws for an answer that says no to what was granted before. */
export function openReplay(address: string, token: string) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const { hostname, port } = new URL(address);
  return {
    ask: ({ method, path, body }: Call): Promise<void> =>
      new Promise((resolve, reject) => {
        const request = http.request(
          { agent, hostname, port, method, path, headers: { 'X-Vault-Token': token } },
          (answer) => {
            answer.resume();
            const { statusCode = 0 } = answer;
            answer.on('end', () =>
              statusCode < 400 || statusCode === 404
                ? resolve()
                : reject(new Error(`${method} ${path}: ${statusCode}`)),
            );
          },
        );
        request.on('error', reject);
        request.end(body);
      }),
    close: () => agent.destroy(),
  };
}
