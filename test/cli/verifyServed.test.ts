/** What is declared, what was issued and what is served: told apart at each address, with the line of the manifest. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createServer, type Server } from 'node:tls';
import { PATIENCE, type Sandbox, sandbox } from '../support/idac.ts';

interface Check {
  readonly what: string;
  readonly outcome: string;
  readonly detail: string;
  readonly hint?: string;
  readonly place?: { readonly file: string; readonly range: { readonly start: object } };
}

describe('idac verify of a certificate with endpoints', function () {
  this.timeout(PATIENCE);
  let box: Sandbox;
  let server: Server;
  let port = 0;
  let first = '';
  before(async () => {
    box = sandbox();
    server = createServer({}, (socket) => socket.end());
    server.on('tlsClientError', () => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    port = (server.address() as { port: number }).port;
    write('.gitignore', 'tls/\n');
    write('web.identity.yaml', manifest());
    const { code, err } = await box.idac(['issue', WEB, '--yes']);
    assert.equal(code, 0, err);
    first = read('tls/web.pem');
  });
  after(() => {
    server.close();
    box.remove();
  });

  const WEB = 'Certificate/default/web';
  const write = (file: string, text: string): void => writeFileSync(path.join(box.folder, file), text);
  const read = (file: string): string => readFileSync(path.join(box.folder, file), 'utf8');
  const manifest = (name = 'web.example.test', more = ''): string => `apiVersion: identity-as-code/v1
kind: Backend
metadata: { name: ca }
spec:
  type: local
  owner: { team: platform }
  authority:
    publish: { roots: roots.pem }
---
apiVersion: identity-as-code/v1
kind: TrustBundle
metadata: { name: company }
spec:
  anchors:
    - file: roots.pem
---
apiVersion: identity-as-code/v1
kind: Certificate
metadata: { name: web }
spec:
  owner: { team: shop }
  dnsNames: [${name}]
  ipAddresses: [127.0.0.1]
  issuer: ca
  duration: 20d
  deliverTo:
    - { backend: ca, path: tls/web.pem, contents: [chain, privateKey] }
  endpoints: ["127.0.0.1:${port}"]
${more}`;
  const serve = (pem: string): void => server.setSecureContext({ key: pem, cert: pem });
  const certificates = (pem: string): readonly string[] =>
    pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n?/g) ?? [];
  const keyOf = (pem: string): string => pem.slice(pem.search(/-----BEGIN (?:EC )?PRIVATE KEY/));
  const verify = async (): Promise<{ readonly code: number; readonly checks: readonly Check[] }> => {
    const { code, data } = await box.json(['verify', WEB]);
    const [machine] = data['machines'] as readonly { checks: readonly Check[] }[];
    assert.ok(machine, JSON.stringify(data));
    return { code, checks: machine.checks };
  };
  const of = (checks: readonly Check[], what: RegExp): Check => {
    const found = checks.find((check) => what.test(check.what));
    assert.ok(found, JSON.stringify(checks));
    return found;
  };

  it('says that all agree, and over which path, up to which bundle', async () => {
    serve(first);
    const { code, checks } = await verify();
    assert.equal(code, 0, JSON.stringify(checks));
    assert.equal(of(checks, /^issued as declared/).outcome, 'ok');
    assert.equal(of(checks, /^served by/).outcome, 'ok');
    assert.match(of(checks, /^chain served by/).detail, / ← .*, trust bundle company$/);
  });

  it('says of a chain that is not sent whole what is missing', async () => {
    const [leaf = ''] = certificates(first);
    serve(leaf + keyOf(first));
    const { code, checks } = await verify();
    const chain = of(checks, /^chain served by/);
    assert.deepEqual([code, chain.outcome], [1, 'failed']);
    assert.match(chain.detail, /it is incomplete: CN=.* is not sent/);
    assert.match(chain.hint ?? '', /contents: \[chain/);
    assert.deepEqual(chain.place?.file, 'web.identity.yaml');
    const { out } = await box.idac(['verify', WEB]);
    assert.match(out, /web\.identity\.yaml:28:15/);
  });

  it('says of a chain that is sent in another order which certificate is not in its place', async () => {
    const chain = certificates(first);
    const roots = certificates(read('roots.pem'));
    const [leaf = '', ...authorities] = chain;
    assert.ok(authorities.length > 0 && roots.length > 0);
    serve([leaf, ...roots, ...authorities].join('') + keyOf(first));
    const { code, checks } = await verify();
    const served = of(checks, /^chain served by/);
    assert.deepEqual([code, served.outcome], [1, 'failed']);
    assert.match(served.detail, /out of order: CN=.* does not follow/);
  });

  it('says of another certificate whether it is an older one of the record or a stranger', async () => {
    serve(first);
    // It waits until the new one is served.
    const waiting = await box.idac(['rotate', WEB, '--yes']);
    assert.equal(waiting.code, 4, waiting.err);
    serve(read('tls/web.pem'));
    const { code, err } = await box.idac(['resume']);
    assert.equal(code, 0, err);
    assert.equal((await verify()).code, 0);
    serve(first);
    const older = of((await verify()).checks, /^served by/);
    assert.equal(older.outcome, 'failed');
    assert.match(older.detail, /serves an older one: serial [0-9a-f]+, issued /);
    assert.match(older.hint ?? '', /read its files again/);
    execFileSync(
      'openssl',
      [
        ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'],
        ...['-keyout', 'tls/other.key', '-out', 'tls/other.crt', '-subj', '/CN=other', '-days', '2'],
      ],
      { cwd: box.folder, stdio: 'ignore' },
    );
    serve(read('tls/other.crt') + read('tls/other.key'));
    const { checks } = await verify();
    assert.match(of(checks, /^served by/).detail, /another certificate, which is not in the record/);
    const chain = of(checks, /^chain served by/);
    assert.equal(chain.outcome, 'unknown');
    assert.match(chain.hint ?? '', /trust bundle/);
    serve(read('tls/web.pem'));
  });

  it('asks what the certificate names whether it was revoked, where that is wanted', async () => {
    const { data } = await box.json(['verify', WEB, '--fetch']);
    const [machine] = data['machines'] as readonly { checks: readonly Check[] }[];
    const revocation = of(machine?.checks ?? [], /^revocation$/);
    assert.equal(revocation.outcome, 'unknown');
    assert.match(revocation.detail, /names no place that tells of it/);
    assert.ok(!(await verify()).checks.some(({ what }) => what.startsWith('revocation')));
  });

  it('says what the manifest asks for and the certificate has not, at the very value', async () => {
    write(
      'web.identity.yaml',
      manifest('shop.example.test', '  usages: [serverAuth, clientAuth]\n  key: { algorithm: RSA-3072 }\n'),
    );
    const { code, checks } = await verify();
    assert.equal(code, 1);
    const declared = checks.filter(({ what }) => what === 'issued as declared');
    assert.deepEqual(
      declared.map(({ detail, place }) => [detail, place?.range.start]),
      [
        ['the certificate is not for shop.example.test', { line: 22, column: 14 }],
        [
          'the certificate is for web.example.test, too, which the manifest does not name',
          { line: 22, column: 13 },
        ],
        [
          `its key is ${declared[2]?.detail.split(' ')[3]?.replace(',', '')}, and RSA-3072 is declared`,
          { line: 30, column: 21 },
        ],
        ['the certificate may not be used for clientAuth', { line: 29, column: 11 }],
      ],
    );
    assert.match(declared[0]?.hint ?? '', /^renew it/);
    assert.match(declared[2]?.hint ?? '', /^rotate it/);
  });
});
