import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** What happens to a call that matches; the server has carried it out wherever `after` stands. */
export type Fault =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers?: http.OutgoingHttpHeaders;
      readonly body: string;
    }
  /** Goes on to the server, to which this happened right before. */
  | { readonly kind: 'first'; readonly what: (call: string) => Promise<unknown> }
  | { readonly kind: 'silence' }
  | { readonly kind: 'silence after' }
  | { readonly kind: 'reset before' }
  | { readonly kind: 'reset after' }
  | { readonly kind: 'half after' };

/** A proxy on loopback before a real server, which breaks the calls that it is told to. */
export interface FaultyProxy {
  readonly address: string;
  /** Method and path of every call since the start. */
  readonly calls: string[];
  /** Those that the server carried out and whose answers were kept back (`silence after`). */
  readonly done: string[];
  /** From now on, for calls whose `METHOD path` matches; `times`: only so often. */
  break(pattern: RegExp, fault: Fault, times?: number): void;
  mend(): void;
  stop(): void;
}

export async function startFaultyProxy(target: string): Promise<FaultyProxy> {
  let rule: { readonly pattern: RegExp; readonly fault: Fault; left: number } | undefined;
  const calls: string[] = [];
  const done: string[] = [];
  const server = http.createServer((request, response) => {
    const call = `${request.method} ${request.url}`;
    calls.push(call);
    const hit = rule !== undefined && rule.left > 0 && rule.pattern.test(call) ? rule : undefined;
    if (hit !== undefined) hit.left--;
    switch (hit?.fault.kind) {
      case 'answer':
        response.writeHead(hit.fault.status, hit.fault.headers).end(hit.fault.body);
        return;
      case 'first':
        hit.fault.what(call).then(
          () => forward(request, response, undefined),
          (error: unknown) => response.writeHead(599).end(String(error)),
        );
        return;
      case 'silence':
        return;
      case 'reset before':
        request.socket.resetAndDestroy();
        return;
      default:
        forward(request, response, hit?.fault);
    }
  });

  function forward(
    request: http.IncomingMessage,
    response: http.ServerResponse,
    fault: Fault | undefined,
  ): void {
    const { method, headers } = request;
    const onward = http.request(new URL(request.url ?? '/', target).href, { method, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => {
        const body = Buffer.concat(chunks);
        if (fault?.kind === 'silence after') {
          done.push(`${method} ${request.url}`);
          return;
        }
        if (fault?.kind === 'reset after') {
          request.socket.resetAndDestroy();
          return;
        }
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        if (fault?.kind === 'half after') {
          response.write(body.subarray(0, body.length / 2), () => request.socket.resetAndDestroy());
          return;
        }
        response.end(body);
      });
    });
    onward.on('error', () => request.socket.destroy());
    request.pipe(onward);
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    done,
    break: (pattern, fault, times = Number.POSITIVE_INFINITY) => {
      rule = { pattern, fault, left: times };
    },
    mend: () => {
      rule = undefined;
    },
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
