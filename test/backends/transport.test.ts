import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type HttpRequest, openTransport, type Transport } from '../../server/src/backends/transport.ts';
import { rejectsWith } from './contract/expectations.ts';
import { SIGNAL } from './contract/requests.ts';

const CANARY = 'canary-token-that-must-not-travel';
const READ: HttpRequest = {
  method: 'GET',
  path: '/v1/x',
  headers: { 'X-Vault-Token': CANARY },
  repeatable: true,
};
const WRITE: HttpRequest = {
  method: 'POST',
  path: '/v1/x',
  headers: { 'X-Vault-Token': CANARY },
  body: new TextEncoder().encode('{}'),
  repeatable: false,
};

describe('the one transport of backends', () => {
  const closing: (() => void)[] = [];
  afterEach(() => {
    for (const close of closing.splice(0)) close();
  });

  /** A server of ours on loopback; what it was asked is kept. */
  async function serve(
    answer: (request: http.IncomingMessage, response: http.ServerResponse, calls: number) => void,
    tls?: https.ServerOptions,
  ): Promise<{ address: string; seen: http.IncomingMessage[] }> {
    const seen: http.IncomingMessage[] = [];
    const handle = (request: http.IncomingMessage, response: http.ServerResponse): void => {
      seen.push(request);
      answer(request, response, seen.length);
    };
    const server = tls === undefined ? http.createServer(handle) : https.createServer(tls, handle);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    closing.push(() => {
      server.closeAllConnections();
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    return { address: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`, seen };
  }

  async function listen(connected: (socket: Socket) => void): Promise<string> {
    const sockets: Socket[] = [];
    const server: Server = createServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => undefined);
      connected(socket);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    closing.push(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  function transport(address: string, more: Partial<Parameters<typeof openTransport>[0]> = {}): Transport {
    const made = openTransport({ name: 'vault-prod', address, ...more });
    closing.push(() => made.close());
    return made;
  }

  it('shows status, headers and body of any answer', async () => {
    const { address } = await serve((_, response) => {
      response.writeHead(418, { 'X-Vault-Index': 'abc', 'Set-Cookie': ['a', 'b'] }).end('tea');
    });
    const { status, headers, body } = await transport(address).send(READ, SIGNAL);
    assert.deepEqual([status, headers['x-vault-index'], headers['set-cookie']], [418, 'abc', 'a, b']);
    assert.equal(Buffer.from(body).toString(), 'tea');
  });

  it('follows no redirect to another host, port or scheme, and sends no credential there', async () => {
    const other = await serve((_, response) => response.end('{}'));
    for (const status of [301, 302, 303, 307, 308]) {
      const { address } = await serve((_, response) => {
        response.writeHead(status, { Location: `${other.address}/v1/x` }).end();
      });
      for (const request of [READ, WRITE]) {
        const error = await rejectsWith('forbidden', transport(address).send(request, SIGNAL));
        assert.match(error.what, new RegExp(`sends its callers on to ${other.address}`));
      }
    }
    assert.equal(other.seen.length, 0);
  });

  it('follows a redirect within its origin, with the token, and not in circles', async () => {
    const { address, seen } = await serve((request, response) => {
      if (request.url === '/v1/end') response.end('here');
      else response.writeHead(307, { Location: request.url === '/v1/x' ? '/v1/end' : '/v1/circle' }).end();
    });
    const { body } = await transport(address).send(WRITE, SIGNAL);
    assert.equal(Buffer.from(body).toString(), 'here');
    assert.deepEqual(
      seen.map(({ method, headers }) => [method, headers['x-vault-token']]),
      [
        ['POST', CANARY],
        ['POST', CANARY],
      ],
    );
    await rejectsWith('corrupt', transport(address).send({ ...READ, path: '/v1/circle' }, SIGNAL));
  });

  it('stops when it is aborted: before, while it waits for the answer, and while it waits for its turn', async () => {
    const { address, seen } = await serve((request, response) => {
      if (request.url === '/v1/busy') response.writeHead(503, { 'Retry-After': '10' }).end();
    });
    const one = transport(address);
    await assert.rejects(one.send(READ, AbortSignal.abort()), { name: 'AbortError' });
    assert.equal(seen.length, 0);
    for (const request of [READ, WRITE]) {
      const controller = new AbortController();
      const sent = one.send(request, controller.signal);
      while (seen.length === 0) await new Promise((resolve) => setImmediate(resolve));
      controller.abort();
      const error = await rejectsWith('interrupted', sent);
      assert.equal(error.mayHaveActed, request === WRITE);
      seen.length = 0;
    }
    const controller = new AbortController();
    const waiting = one.send({ ...READ, path: '/v1/busy' }, controller.signal);
    while (seen.length === 0) await new Promise((resolve) => setImmediate(resolve));
    controller.abort();
    await assert.rejects(waiting);
    assert.equal(seen.length, 1);
  });

  it('gives up on a server that is silent, or that takes no connection', async () => {
    const limits = { totalMilliseconds: 100, connectMilliseconds: 100 };
    const silent = await serve(() => undefined);
    for (const request of [READ, WRITE]) {
      const error = await rejectsWith(
        'unreachable',
        transport(silent.address, { limits }).send(request, SIGNAL),
      );
      assert.match(error.what, /did not answer within 0\.1 seconds/);
      assert.deepEqual([error.retryable, error.mayHaveActed], [true, request === WRITE]);
    }
    // TCP stands, TLS never does: nothing was sent.
    const mute = await listen(() => undefined);
    const error = await rejectsWith(
      'unreachable',
      transport(`https://${mute}`, { limits }).send(WRITE, SIGNAL),
    );
    assert.equal(error.mayHaveActed, false);
  });

  it('says whether the server may have acted when the connection breaks', async () => {
    const refused = await listen(() => undefined);
    for (const close of closing.splice(0)) close();
    const before = await rejectsWith('unreachable', transport(`http://${refused}`).send(WRITE, SIGNAL));
    assert.equal(before.mayHaveActed, false);
    for (const half of ['', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"data":']) {
      const reset = await listen((socket) => {
        socket.once('data', () => socket.end(half, () => socket.destroy()));
      });
      for (const request of [READ, WRITE]) {
        const error = await rejectsWith('unreachable', transport(`http://${reset}`).send(request, SIGNAL));
        assert.equal(error.mayHaveActed, request === WRITE);
      }
    }
  });

  it('repeats by itself only what a stale connection never carried', async () => {
    const { address, seen } = await serve((request, response, calls) => {
      // The second call meets a connection that the server closes without an answer.
      if (calls === 2) request.socket.destroy();
      else response.end('{}');
    });
    const one = transport(address);
    await one.send(READ, SIGNAL);
    await one.send(READ, SIGNAL);
    assert.equal(seen.length, 3, 'a repeatable call goes out once more');
    seen.length = 0;
    await one.send(WRITE, SIGNAL);
    const error = await rejectsWith('unreachable', one.send(WRITE, SIGNAL));
    assert.deepEqual([error.mayHaveActed, seen.length], [true, 2]);
  });

  it('waits as long as a busy server asks, and tells when that is too long', async () => {
    const { address, seen } = await serve((request, response, calls) => {
      if (request.url === '/v1/long') response.writeHead(429, { 'Retry-After': '3600' }).end();
      else if (calls === 1) response.writeHead(503, { 'Retry-After': '0' }).end();
      else if (calls === 2)
        response
          .writeHead(429, {
            Date: 'Sun, 22 Nov 2026 02:00:00 GMT',
            'Retry-After': 'Sun, 22 Nov 2026 02:00:00 GMT',
          })
          .end();
      else response.end('{}');
    });
    assert.equal((await transport(address).send(WRITE, SIGNAL)).status, 200);
    assert.equal(seen.length, 3);
    assert.equal((await transport(address).send({ ...WRITE, path: '/v1/long' }, SIGNAL)).status, 429);
    assert.equal(seen.length, 4);
  });

  it('takes no endless answer, and no garbage', async () => {
    const endless = await serve((_, response) => {
      const flood = (): void => {
        while (response.write('x'.repeat(65_536)));
        response.once('drain', flood);
      };
      flood();
    });
    const limits = { maximumBytes: 1_000_000 };
    await rejectsWith('corrupt', transport(endless.address, { limits }).send(READ, SIGNAL));
    const ssh = await listen((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'));
    await rejectsWith('corrupt', transport(`http://${ssh}`).send(READ, SIGNAL));
  });

  it('takes HTTPS, and plain HTTP for this machine alone', () => {
    for (const address of [
      'http://127.0.0.1:8200',
      'http://localhost:8200',
      'http://[::1]:8200',
      'https://v.example',
    ])
      transport(address);
    for (const address of [
      'http://vault.example.com',
      'http://10.0.0.1:8200',
      'http://127.0.0.1.example.com',
      'http://localhost.example.com',
      'https://user:secret@vault.example.com',
      'https://vault.example.com/?token=x',
      'ftp://vault.example.com',
      'vault.example.com:8200',
      '',
    ])
      assert.throws(() => transport(address), { name: 'BackendError', kind: 'invalid-request' }, address);
  });

  describe('over TLS', () => {
    let folder: string;
    const file = (name: string): string => path.join(folder, name);
    const pem = (name: string): string => readFileSync(file(name), 'utf8');
    before(() => {
      folder = mkdtempSync(path.join(tmpdir(), 'idac-transport-'));
      const make = (name: string, ...more: readonly string[]): void => {
        const key = [
          '-newkey',
          'ec',
          '-pkeyopt',
          'ec_paramgen_curve:P-256',
          '-nodes',
          '-keyout',
          `${name}.key`,
        ];
        const args = ['req', '-x509', ...key, '-out', `${name}.pem`, '-days', '2', ...more];
        const { status, stderr } = spawnSync('openssl', args, { cwd: folder, encoding: 'utf8' });
        assert.equal(status, 0, stderr);
      };
      const ca = ['-CA', 'ca.pem', '-CAkey', 'ca.key'];
      make('ca', '-subj', '/CN=Test CA');
      make('here', ...ca, '-subj', '/CN=x', '-addext', 'subjectAltName=IP:127.0.0.1');
      make('elsewhere', ...ca, '-subj', '/CN=x', '-addext', 'subjectAltName=DNS:elsewhere.example');
      make('stranger', '-subj', '/CN=x', '-addext', 'subjectAltName=IP:127.0.0.1');
      make('client', ...ca, '-subj', '/CN=client');
    });
    after(() => rmSync(folder, { recursive: true, force: true }));

    const serveAs = (name: string, more: https.ServerOptions = {}) =>
      serve((_, response) => response.end('{}'), {
        cert: pem(`${name}.pem`),
        key: pem(`${name}.key`),
        ...more,
      });

    it('trusts the CA that it is given, for the name that it calls', async () => {
      const good = await serveAs('here');
      assert.equal((await transport(good.address, { ca: pem('ca.pem') }).send(READ, SIGNAL)).status, 200);
      for (const [server, ca] of [
        ['here', undefined],
        ['elsewhere', 'ca.pem'],
        ['stranger', 'ca.pem'],
      ] as const) {
        const { address, seen } = await serveAs(server);
        const more = ca === undefined ? {} : { ca: pem(ca) };
        const error = await rejectsWith('unreachable', transport(address, more).send(WRITE, SIGNAL));
        assert.match(error.what, /certificate that is not trusted/);
        assert.deepEqual([error.retryable, error.mayHaveActed, seen.length], [false, false, 0]);
      }
      assert.throws(() => transport(good.address, { ca: 'no PEM' }), { kind: 'invalid-request' });
    });

    it('shows its client certificate to a server that asks for one', async () => {
      const { Secret } = await import('../../server/src/core/secret.ts');
      const { address } = await serveAs('here', {
        requestCert: true,
        rejectUnauthorized: true,
        ca: pem('ca.pem'),
      });
      const client = { certificate: pem('client.pem'), privateKey: new Secret(pem('client.key')) };
      const ca = pem('ca.pem');
      assert.equal((await transport(address, { ca, client }).send(READ, SIGNAL)).status, 200);
      await rejectsWith('unreachable', transport(address, { ca }).send(READ, SIGNAL));
    });

    it('obeys no environment: no proxy, no further CA, no switch that turns checks off', async () => {
      const proxy = await serve((_, response) => response.end('proxied'));
      const { address, seen } = await serveAs('stranger');
      const plain = await serve((_, response) => response.end('straight'));
      const script = `
        import { openTransport } from ${JSON.stringify(path.resolve('server/src/backends/transport.ts'))};
        const signal = new AbortController().signal;
        const call = (address) => openTransport({ name: 'v', address })
          .send({ method: 'GET', path: '/', headers: { 'X-Vault-Token': '${CANARY}' }, repeatable: true }, signal)
          .then(({ body }) => Buffer.from(body).toString(), (error) => error.kind);
        console.log(await call(${JSON.stringify(address)}), await call(${JSON.stringify(plain.address)}));
        process.exit();`;
      // Not spawnSync: the servers that it talks to are in this process.
      const child = spawn(
        process.execPath,
        ['--import', 'tsx/esm', '--input-type=module', '--eval', script],
        {
          env: {
            PATH: process.env['PATH'],
            HTTP_PROXY: proxy.address,
            HTTPS_PROXY: proxy.address,
            http_proxy: proxy.address,
            https_proxy: proxy.address,
            ALL_PROXY: proxy.address,
            NODE_USE_ENV_PROXY: '1',
            NODE_TLS_REJECT_UNAUTHORIZED: '0',
            NODE_EXTRA_CA_CERTS: file('stranger.pem'),
            SSL_CERT_FILE: file('stranger.pem'),
            VAULT_SKIP_VERIFY: 'true',
            VAULT_CACERT: file('stranger.pem'),
          },
          stdio: ['ignore', 'pipe', 'pipe'],
        },
      );
      let output = '';
      child.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString();
      });
      await once(child, 'close');
      assert.equal(output.trim(), 'unreachable straight');
      assert.deepEqual([proxy.seen.length, seen.length], [0, 0]);
    });
  });
});
