/** What `idac inspect` says of certificates that are written or filled in otherwise than the standards want. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { altNames, dnsName, extension, hex, integer, policies, uri } from '../lint/der.ts';
import { root, server, workload } from '../lint/template.ts';
import { type Sandbox, sandbox } from '../support/idac.ts';
import { hasProgram, needs } from '../support/needs.ts';

interface Finding {
  readonly rule: string;
  readonly severity: string;
  readonly message: string;
  readonly why?: string;
}

const NOW = '2026-04-15T00:00:00Z';
const LONG = { notAfter: '2027-04-01T00:00:00Z' };

describe('idac inspect, linting', function () {
  this.timeout(120_000);
  let project: Sandbox;
  before(() => {
    project = sandbox({ git: false });
  });
  after(() => project.remove());

  async function inspected(
    der: Uint8Array,
    ...args: readonly string[]
  ): Promise<{
    readonly lint: readonly Finding[];
    readonly all: readonly Finding[];
  }> {
    const file = path.join(project.folder, 'a.crt');
    writeFileSync(file, der);
    const { data } = await project.json(['inspect', file, '--now', NOW, ...args]);
    const all = (data['items'] as { readonly findings: readonly Finding[] }[]).flatMap(
      ({ findings }) => findings,
    );
    return { all, lint: all.filter(({ rule }) => rule.startsWith('lint/')) };
  }
  const ids = (findings: readonly Finding[]) => findings.map(({ rule }) => rule);

  it('names the paragraph and what to do', async () => {
    const { lint } = await inspected(server({ serial: integer(hex('00')) }));
    const [found] = lint.filter(({ rule }) => rule === 'lint/serial-not-positive');
    assert.ok(found, ids(lint).join());
    assert.deepEqual(
      [found.severity, found.message],
      ['error', 'the serial number is zero (RFC 5280, 4.1.2.2)'],
    );
    assert.match(found.why ?? '', /Issue it again with a positive serial number/);
  });

  it('holds a certificate to what browsers want where it says that it is for them, or where that is asked', async () => {
    const without = {
      certificatePolicies: policies('1.3.6.1.4.1.32473.1'),
      signedCertificateTimestamps: undefined,
    };
    const tooLong = 'lint/validity-over-200-days';
    assert.ok(ids((await inspected(server(LONG))).lint).includes(tooLong));
    const own = server({ ...LONG, extensions: without });
    assert.ok(!ids((await inspected(own)).lint).includes(tooLong));
    assert.ok(ids((await inspected(own, '--lint', 'tls-public')).lint).includes(tooLong));
    assert.deepEqual((await inspected(server(LONG), '--lint', 'none')).lint, []);
  });

  it('shows hints to who names a profile alone', async () => {
    const hints = ({ lint }: { readonly lint: readonly Finding[] }) =>
      lint.filter(({ severity }) => severity === 'info');
    const der = server({
      extensions: { subjectAltName: altNames(dnsName('www.example.com'), dnsName('WWW.example.com')) },
    });
    assert.deepEqual(hints(await inspected(der)), []);
    assert.ok(ids(hints(await inspected(der, '--lint', 'rfc5280'))).includes('lint/dns-name-twice'));
  });

  it('knows an SVID by its name', async () => {
    const two = altNames(uri('spiffe://example.org/a'), uri('spiffe://example.org/b'));
    assert.ok(
      ids((await inspected(workload({ extensions: { subjectAltName: two } }))).lint).includes(
        'lint/svid-one-uri',
      ),
    );
    assert.deepEqual((await inspected(workload())).lint, []);
  });

  it('warns of a root, which nobody puts right', async () => {
    const { lint } = await inspected(root({ serial: integer(hex('00')) }));
    assert.deepEqual(
      lint.map(({ rule, severity }) => [rule, severity]),
      [['lint/serial-not-positive', 'warning']],
    );
  });

  it('says once what cannot be read, and lints the rest', async () => {
    const broken = server({
      serial: integer(hex('00')),
      extensions: { keyUsage: extension('keyUsage', hex('3082')) },
    });
    const { all } = await inspected(broken);
    assert.ok(ids(all).includes('credential/damaged'));
    assert.ok(!ids(all).includes('lint/unreadable'));
    assert.ok(ids(all).includes('lint/serial-not-positive'));
  });

  it('exits clean for what OpenSSL issues as it stands, and with findings where that is wrong', async function () {
    needs(this, 'openssl', hasProgram('openssl', 'version'));
    const file = path.join(project.folder, 'own.pem');
    const make = (...args: readonly string[]) =>
      execFileSync(
        'openssl',
        [
          ...'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout /dev/null -days 30 -subj'.split(
            ' ',
          ),
          ...['/CN=own', '-addext', 'subjectAltName=DNS:own.example.com', '-out', file, ...args],
        ],
        { stdio: 'ignore' },
      );
    make();
    assert.equal((await project.idac(['inspect', file])).code, 0);
    make('-addext', 'basicConstraints=critical,CA:FALSE', '-addext', 'keyUsage=critical,keyCertSign');
    const { code, out } = await project.idac(['inspect', file]);
    assert.equal(code, 1);
    assert.match(out, /lint\/cert-sign-without-authority/);
    assert.match(out, /RFC 5280, 4\.2\.1\.3/);
  });
});
