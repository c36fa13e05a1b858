import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { openTransport } from '../../server/src/backends/transport.ts';
import { openVaultClient } from '../../server/src/backends/vault/client.ts';
import { Secret } from '../../server/src/core/secret.ts';
import { rejectsWith } from './contract/expectations.ts';
import { SIGNAL } from './contract/requests.ts';

/** node-vault alone obeys all of these. */
const AMBIENT = {
  VAULT_TOKEN: 'ambient-token',
  VAULT_ADDR: 'http://127.0.0.1:1',
  VAULT_PREFIX: '/ambient-prefix',
  VAULT_NAMESPACE: 'ambient-namespace',
  VAULT_SKIP_VERIFY: 'true',
};
const OUR_TOKEN = 'the-token-of-our-login';

interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: http.IncomingHttpHeaders;
}

describe('node-vault behind our transport', () => {
  const servers: http.Server[] = [];
  const before_: Record<string, string | undefined> = {};
  before(() => {
    for (const [name, value] of Object.entries(AMBIENT)) {
      before_[name] = process.env[name];
      process.env[name] = value;
    }
  });
  after(() => {
    for (const [name, value] of Object.entries(before_)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });

  async function serve(
    answer: (request: http.IncomingMessage, response: http.ServerResponse) => void,
  ): Promise<{ address: string; seen: Seen[] }> {
    const seen: Seen[] = [];
    const server = http.createServer((request, response) => {
      const { method, url, headers } = request;
      seen.push({ method, url, headers });
      answer(request, response);
    });
    servers.push(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
  }

  const json = (response: http.ServerResponse, body: object, status = 200, headers = {}): void => {
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body));
  };
  const clientOf = (address: string) =>
    openVaultClient('vault-prod', openTransport({ name: 'vault-prod', address }));
  const token = new Secret(OUR_TOKEN);

  it('sends the token of the login alone, to the address of the manifest alone', async () => {
    const { address, seen } = await serve((_, response) => json(response, { data: { keys: [] } }));
    const client = clientOf(address);
    await client.read('pki/roles/x', {}, SIGNAL);
    await client.list('pki/certs', { token }, SIGNAL);
    await client.write('pki/sign/x', { ttl: '1h' }, { token, namespace: 'team' }, SIGNAL);
    await client.remove('transit/keys/x', { token }, SIGNAL);
    await client.raw('pki/crl', undefined, {}, SIGNAL);
    assert.deepEqual(
      seen.map(({ method, url, headers }) => [
        method,
        url,
        headers['x-vault-token'] ?? null,
        headers['x-vault-namespace'] ?? null,
      ]),
      [
        ['GET', '/v1/pki/roles/x', null, null],
        ['GET', '/v1/pki/certs?list=1', OUR_TOKEN, null],
        ['POST', '/v1/pki/sign/x', OUR_TOKEN, 'team'],
        ['DELETE', '/v1/transit/keys/x', OUR_TOKEN, null],
        ['GET', '/v1/pki/crl', null, null],
      ],
    );
  });

  it('keeps no token of an answer for the next call', async () => {
    const { address, seen } = await serve((_, response) =>
      json(response, { auth: { client_token: 'from-the-answer', lease_duration: 60, renewable: true } }),
    );
    const client = clientOf(address);
    const answer = await client.write('auth/approle/login', { role_id: 'x', secret_id: 'y' }, {}, SIGNAL);
    assert.equal(answer?.auth?.['client_token'], 'from-the-answer');
    await client.read('pki/roles/x', {}, SIGNAL);
    assert.equal(seen[1]?.headers['x-vault-token'], undefined);
  });

  it('takes no token to another host', async () => {
    const other = await serve((_, response) => json(response, {}));
    const { address } = await serve((_, response) => {
      response.writeHead(307, { Location: `${other.address}/v1/pki/roles/x` }).end();
    });
    await rejectsWith('forbidden', clientOf(address).read('pki/roles/x', { token }, SIGNAL));
    assert.equal(other.seen.length, 0);
  });

  it('shows the headers of an answer, and can be aborted', async () => {
    const { address } = await serve((request, response) => {
      if (request.url === '/v1/hangs') return;
      json(response, { data: {} }, 200, { 'X-Vault-Index': 'v1:abc' });
    });
    const client = clientOf(address);
    assert.equal((await client.read('x', {}, SIGNAL))?.headers['x-vault-index'], 'v1:abc');
    const controller = new AbortController();
    const hanging = client.read('hangs', { token }, controller.signal);
    setImmediate(() => controller.abort());
    await rejectsWith('interrupted', hanging);
  });

  it('tells what is no answer of the API from one', async () => {
    for (const body of ['<html>sign in</html>', '[]', '"x"', '{"data":', '\ufffe']) {
      const { address } = await serve((_, response) => response.end(body));
      await rejectsWith('corrupt', clientOf(address).read('pki/roles/x', { token }, SIGNAL));
      const error = await rejectsWith(
        'corrupt',
        clientOf(address).write('pki/sign/x', {}, { token }, SIGNAL),
      );
      assert.equal(error.mayHaveActed, true);
    }
    const keys = await serve((_, response) => json(response, { data: { keys: [1] } }));
    await rejectsWith('corrupt', clientOf(keys.address).list('pki/certs', { token }, SIGNAL));
  });

  it('gives each refusal its kind, in words that name the step', async () => {
    const refusals: readonly (readonly [number, string, string, boolean])[] = [
      [400, 'common name not allowed by this role', 'invalid-request', false],
      [403, 'permission denied', 'forbidden', false],
      [403, '2 errors occurred:\n\t* permission denied\n\t* invalid token\n\n', 'unauthenticated', false],
      [404, 'no handler for route "pki/sign/x". route entry not found.', 'unsupported', false],
      [405, '1 error occurred:\n\t* unsupported operation\n\n', 'unsupported', false],
      [429, 'request path "pki/sign/x": rate limit quota exceeded', 'rate-limited', false],
      [500, 'internal error', 'internal', true],
      [502, '', 'unreachable', true],
      [503, 'Vault is sealed', 'locked', false],
    ];
    for (const [status, said, kind, doubt] of refusals) {
      const { address } = await serve((_, response) => json(response, { errors: [said] }, status));
      const error = await rejectsWith(
        kind as 'locked',
        clientOf(address).write('pki/sign/x', {}, { token }, SIGNAL),
      );
      assert.match(error.what, /vault-prod/);
      assert.equal(error.mayHaveActed, doubt, `${status}`);
      assert.ok(!JSON.stringify([error.what, error.hint]).includes(OUR_TOKEN));
    }
    const { address } = await serve((_, response) =>
      json(response, { errors: [`\u001b[31mred\u0007 ${'x'.repeat(10_000)}`] }, 400),
    );
    const { what } = await rejectsWith('invalid-request', clientOf(address).read('x', {}, SIGNAL));
    assert.ok(what.length < 500 && !/\p{Cc}/u.test(what));
  });

  it('prints nothing, whatever DEBUG says', async () => {
    const { address } = await serve((_, response) => json(response, { data: {} }));
    const url = (file: string): string => JSON.stringify(path.resolve('server/src', file));
    const script = `
      import { openTransport } from ${url('backends/transport.ts')};
      import { openVaultClient } from ${url('backends/vault/client.ts')};
      import { Secret } from ${url('core/secret.ts')};
      const client = openVaultClient('v', openTransport({ name: 'v', address: ${JSON.stringify(address)} }));
      await client.write('secret/data/x', { data: { privateKey: 'canary-key' } }, { token: new Secret('canary-token') }, new AbortController().signal);
      process.exit();`;
    const child = spawn(process.execPath, ['--import', 'tsx/esm', '--input-type=module', '--eval', script], {
      env: { PATH: process.env['PATH'], DEBUG: '*,node-vault', ...AMBIENT },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString();
      });
    const [code] = (await once(child, 'close')) as [number];
    assert.equal(code, 0, output);
    assert.doesNotMatch(output, /canary/);
  });
});
