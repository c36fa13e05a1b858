import assert from 'node:assert/strict';
import { copyFileSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import path from 'node:path';
import { PATIENCE, type Sandbox, sandbox } from '../support/idac.ts';
import { type StatusAuthority, statusAuthority } from '../support/statusAuthority.ts';

interface Status {
  readonly status: string;
  readonly reason: string | null;
  readonly source: string | null;
  readonly from: string | null;
  readonly askedAt: string | null;
}
interface Item {
  readonly path: {
    readonly valid: boolean | null;
    readonly reason: string | null;
    readonly chain: readonly string[];
    readonly statuses: readonly (Status & { readonly subject: string })[];
  };
  readonly revocation: Status | null;
  readonly findings: readonly { readonly rule: string; readonly message: string }[];
}

describe('idac inspect --trust --fetch', function () {
  this.timeout(PATIENCE);
  let box: Sandbox;
  let ca: StatusAuthority;
  const hosts: string[] = [];
  before(async () => {
    box = sandbox({ git: false });
    ca = await statusAuthority(box.folder);
    hosts.push('--fetch-from', '127.0.0.1');
    await ca.startResponder('-ndays', '2');
  });
  after(async () => {
    await ca.close();
    box.remove();
  });

  const judge = async (
    file: string,
    ...args: readonly string[]
  ): Promise<Item & { readonly code: number }> => {
    const { code, data, err } = await box.json(['inspect', file, '--trust', 'root.pem', ...args]);
    const [item] = (data as unknown as { items: Item[] }).items;
    assert.ok(item, err);
    return { ...item, code };
  };
  const fetched = (file: string, ...args: readonly string[]) => judge(file, '--fetch', ...hosts, ...args);
  const SUB = ['--chain', 'sub.pem'];
  const list = (name: string): string => `${ca.files}/${name}`;

  it('asks the responder about the certificate and takes the list for its authority', async () => {
    ca.issue('answered', { ocsp: ca.responder });
    await ca.stopResponder();
    await ca.startResponder('-ndays', '2');
    const { code, path: found, revocation } = await fetched('answered.pem', ...SUB);
    assert.deepEqual([code, found.valid, revocation?.status, revocation?.source], [0, true, 'good', 'ocsp']);
    assert.equal(revocation?.from, ca.responder);
    assert.deepEqual(
      found.statuses.map(({ subject, status, source, from }) => [subject, status, source, from]),
      [
        ['CN=answered', 'good', 'ocsp', ca.responder],
        ['CN=sub', 'good', 'crl', list('root.crl')],
      ],
    );
    const { out } = await box.idac([
      'inspect',
      'answered.pem',
      '--trust',
      'root.pem',
      ...SUB,
      '--fetch',
      ...hosts,
    ]);
    assert.match(out, /revocation +good by OCSP from http:\/\/127\.0\.0\.1:\d+, asked/);
  });

  it('finds the authority that is missing where the certificate says that it lies', async () => {
    ca.issue('alone', { issuers: list('sub.cer'), list: list('sub.crl') });
    assert.equal((await judge('alone.pem')).path.valid, null);
    const { path: found, revocation } = await fetched('alone.pem');
    assert.deepEqual(
      [found.valid, found.chain, revocation?.status, revocation?.source],
      [true, ['CN=alone', 'CN=sub', 'CN=root'], 'good', 'crl'],
    );
    ca.issue('astray', { issuers: list('root.crl') });
    const astray = await fetched('astray.pem');
    assert.equal(astray.path.valid, null);
    assert.match(astray.path.reason ?? '', /is no certificate/);
  });

  it('tells revoked by responder and by list, as OpenSSL does', async () => {
    ca.issue('gone', { ocsp: ca.responder });
    ca.issue('listed', { list: list('sub.crl') });
    for (const name of ['gone', 'listed']) ca.revoke(name, 'keyCompromise');
    ca.list('sub.crl');
    await ca.stopResponder();
    await ca.startResponder('-ndays', '2');
    assert.match(
      ca.openssl(
        'ocsp',
        '-issuer',
        'sub.pem',
        '-cert',
        'gone.pem',
        '-url',
        ca.responder,
        '-CAfile',
        'root.pem',
        '-verify_other',
        'sub.pem',
      ),
      /gone\.pem: revoked/,
    );
    for (const [file, source] of [
      ['gone.pem', 'ocsp'],
      ['listed.pem', 'crl'],
    ] as const) {
      const { code, path: found, revocation, findings } = await fetched(file, ...SUB, '--refresh');
      assert.deepEqual(
        [code, found.valid, revocation?.status, revocation?.reason, revocation?.source],
        [1, false, 'revoked', 'keyCompromise', source],
      );
      assert.deepEqual(
        findings.map(({ rule }) => rule),
        ['certificate/revoked'],
      );
    }
  });

  it('says of unknown why: nobody is named, reached, current or entitled', async () => {
    ca.issue('mute', {});
    ca.issue('dead', { ocsp: 'http://127.0.0.1:1', list: list('none.crl') });
    ca.issue('directory', { list: 'ldap://directory.example.test/cn=sub' });
    ca.issue('stale', { list: list('stale.crl') });
    ca.issue('forged', { list: list('forged.crl') });
    ca.issue('moved', { list: list('moved.crl') });
    ca.issue('garbage', { ocsp: list('sub.cer'), list: list('sub.cer') });
    ca.list('stale.crl', '-crl_lastupdate', '20200101000000Z', '-crl_nextupdate', '20200102000000Z');
    ca.list('forged.crl', '-cert', 'false.pem', '-keyfile', 'other.key');
    ca.answers.set('/moved.crl', { status: 302, headers: { Location: 'http://169.254.169.254/latest/' } });
    for (const [name, said] of [
      ['mute', /names no place that tells of it: no OCSP responder and no list/],
      ['dead', /nothing answers at the OCSP responder.*; the server of the list .* answers with status 404/],
      ['directory', /over HTTP, but others/],
      ['stale', /stale\.crl: the revocation list that is for it is out of date/],
      ['forged', /forged\.crl: the signature of the revocation list is by nobody who may sign it/],
      ['moved', /sends its callers on to http:\/\/169\.254\.169\.254/],
      ['garbage', /sub\.cer: .*; .*sub\.cer: /],
    ] as const) {
      const { code, path: found, revocation, findings } = await fetched(`${name}.pem`, ...SUB);
      assert.deepEqual(
        [code, found.valid, revocation?.status, revocation?.source],
        [0, true, 'unknown', null],
        name,
      );
      assert.match(revocation?.reason ?? '', said);
      assert.deepEqual(
        findings.map(({ rule }) => rule),
        ['certificate/revocation-unknown'],
      );
    }
  });

  it('takes no answer of a responder whom the issuer gave no certificate for that, and none that knows nothing', async () => {
    ca.issue('answered-by', { ocsp: ca.responder });
    // Of the same name as the authority and by another key; and one that is for servers.
    ca.issue('server', {});
    for (const signer of [
      ['-rsigner', 'false.pem', '-rkey', 'other.key'],
      ['-rsigner', 'server.pem', '-rkey', 'server.key'],
    ]) {
      await ca.stopResponder();
      await ca.startResponder('-ndays', '2', ...signer);
      const { revocation } = await fetched('answered-by.pem', ...SUB);
      assert.equal(revocation?.status, 'unknown');
      assert.match(revocation?.reason ?? '', /the certificate of the responder is not for OCSP/);
    }
    // It reads its database when it starts: this one knows of no such certificate.
    const database = path.join(ca.folder, 'db/index');
    const entries = readFileSync(database);
    writeFileSync(database, '');
    await ca.stopResponder();
    await ca.startResponder('-ndays', '2');
    const unknown = await fetched('answered-by.pem', ...SUB);
    writeFileSync(database, entries);
    assert.match(unknown.revocation?.reason ?? '', /the responder does not know it/);
  });

  it('asks no address of this machine or of a network of its own that a certificate names', async () => {
    const before = ca.asked.length;
    ca.list('inside.crl');
    for (const [name, url] of [
      ['inside', list('inside.crl')],
      ['inside-name', list('inside.crl').replace('127.0.0.1', 'localhost')],
      ['metadata', 'http://169.254.169.254/latest/meta-data'],
      ['mapped', 'http://[::ffff:127.0.0.1]/sub.crl'],
      ['decimal', 'http://2130706433/sub.crl'],
    ] as const) {
      ca.issue(name, { list: url });
      const { revocation } = await judge(`${name}.pem`, ...SUB, '--fetch');
      assert.equal(revocation?.status, 'unknown');
      assert.match(
        revocation?.reason ?? '',
        /is not asked: .* is an address of this machine or of a network/,
      );
    }
    assert.equal(ca.asked.length, before);
    // Who was named may be asked, and nobody else.
    const port = new URL(ca.files).port;
    const named = await judge('inside.pem', ...SUB, '--fetch', '--fetch-from', `127.0.0.1:${port}`);
    assert.equal(named.revocation?.status, 'good');
    assert.equal((await judge('inside-name.pem', ...SUB, '--fetch', ...hosts)).revocation?.status, 'unknown');
  });

  it('asks nobody without --fetch', async () => {
    const before = ca.asked.length;
    const { revocation } = await judge('alone.pem', ...SUB);
    assert.equal(revocation, null);
    assert.equal(ca.asked.length, before);
    for (const args of [['--fetch-from', '127.0.0.1'], ['--refresh']]) {
      const { code, err } = await box.idac(['inspect', 'alone.pem', '--trust', 'root.pem', ...args]);
      assert.equal(code, 2);
      assert.match(err, /belongs to --fetch/);
    }
    assert.equal((await box.idac(['inspect', 'alone.pem', '--fetch'])).code, 2);
  });

  it('keeps what was told until it names a later one, and not what proved nothing', async () => {
    ca.issue('kept', { list: list('kept.crl'), issuers: list('sub.cer') });
    ca.list('kept.crl');
    const first = await fetched('kept.pem');
    assert.equal(first.revocation?.status, 'good');
    const before = ca.asked.length;
    const second = await fetched('kept.pem');
    assert.deepEqual(second.revocation, first.revocation);
    assert.equal(ca.asked.length, before, 'nobody was asked again');
    ca.revoke('kept', 'superseded');
    ca.list('kept.crl');
    assert.equal((await fetched('kept.pem')).revocation?.status, 'good');
    assert.equal((await fetched('kept.pem', '--refresh')).revocation?.status, 'revoked');
    assert.equal((await fetched('kept.pem')).revocation?.status, 'revoked', 'the later one took its place');
    // After its end it counts no more: what lies at its place now is as old.
    const later = new Date(Date.now() + 8 * 86_400_000).toISOString();
    assert.match((await fetched('kept.pem', '--now', later)).revocation?.reason ?? '', /out of date/);
    const folder = path.join(box.stateHome, 'status');
    for (const name of readdirSync(folder)) {
      assert.equal(statSync(path.join(folder, name)).mode & 0o777, 0o600);
      // Whatever becomes of it, it is no answer any more.
      writeFileSync(path.join(folder, name), Buffer.alloc(3, 0x30));
    }
    const again = await fetched('kept.pem');
    assert.equal(again.revocation?.status, 'revoked');
    assert.ok(ca.asked.length > before);
  });

  it('takes the list of what changed, and a list that somebody else issues', async () => {
    ca.issue('changed', { list: list('base.crl'), more: `freshestCRL = URI:${list('delta.crl')}` });
    ca.list('base.crl');
    ca.revoke('changed', 'keyCompromise');
    ca.openssl(...['ca', '-config', 'ca.cnf', '-gencrl', '-crlexts', 'delta', '-out', 'delta.crl.pem']);
    ca.openssl('crl', '-in', 'delta.crl.pem', '-outform', 'DER', '-out', 'served/delta.crl');
    const changed = await fetched('changed.pem', ...SUB);
    assert.deepEqual([changed.revocation?.status, changed.revocation?.source], ['revoked', 'crl']);

    ca.issue('elsewhere', {
      more: `crlDistributionPoints = elsewhere\n[elsewhere]\nfullname = URI:${list('indirect.crl')}\nCRLissuer = dirName:lister\n[lister]\nCN = lister\n`,
    });
    const config = readFileSync(path.join(ca.folder, 'ca.cnf'), 'utf8');
    writeFileSync(path.join(ca.folder, 'indirect.cnf'), config.replace('LISTER', list('lister.p7c')));
    // OpenSSL cannot say of an entry whose certificate it is: this list has none.
    const database = path.join(ca.folder, 'db/index');
    const entries = readFileSync(database);
    writeFileSync(database, '');
    ca.openssl(
      ...['ca', '-config', 'indirect.cnf', '-gencrl', '-crlexts', 'indirect', '-cert', 'lister.pem'],
      ...['-keyfile', 'lister.key', '-out', 'indirect.crl.pem'],
    );
    writeFileSync(database, entries);
    ca.openssl('crl', '-in', 'indirect.crl.pem', '-outform', 'DER', '-out', 'served/indirect.crl');
    const elsewhere = await fetched('elsewhere.pem', ...SUB);
    assert.deepEqual([elsewhere.revocation?.status, elsewhere.revocation?.reason], ['good', null]);
  });

  it('falls back to a GET where a responder takes no POST, and asks nobody where nobody tells', async () => {
    ca.issue('short', { more: '2.5.29.56 = DER:0500\n' });
    const never = await fetched('short.pem', ...SUB);
    assert.deepEqual([never.revocation?.status, never.findings], ['unknown', []]);
    assert.match(never.revocation?.reason ?? '', /RFC 9608/);
    ca.issue('pull', { ocsp: list('ocsp') });
    const question = path.join(ca.folder, 'pull.req');
    ca.openssl('ocsp', '-issuer', 'sub.pem', '-cert', 'pull.pem', '-no_nonce', '-reqout', question);
    ca.openssl(
      ...[
        'ocsp',
        '-index',
        'db/index',
        '-CA',
        'sub.pem',
        '-rsigner',
        'responder.pem',
        '-rkey',
        'responder.key',
      ],
      ...['-reqin', question, '-respout', 'pull.ocsp', '-ndays', '2'],
    );
    const name = encodeURIComponent(readFileSync(question).toString('base64'));
    copyFileSync(path.join(ca.folder, 'pull.ocsp'), path.join(ca.folder, 'served', name));
    ca.answers.set('/ocsp', { status: 405 });
    const { revocation } = await fetched('pull.pem', ...SUB);
    assert.deepEqual([revocation?.status, revocation?.source], ['good', 'ocsp'], revocation?.reason ?? '');
    assert.ok(ca.asked.includes('POST /ocsp') && ca.asked.some((each) => each.startsWith('GET /ocsp/')));
  });

  it('ends where a server does not', async () => {
    const sockets: Socket[] = [];
    const server = createServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => undefined);
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      const drip = setInterval(() => socket.write('0'), 1000);
      socket.on('close', () => clearInterval(drip));
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    ca.issue('slow', { ocsp: `http://127.0.0.1:${port}/a`, list: `http://127.0.0.1:${port}/b` });
    try {
      const { revocation } = await fetched('slow.pem', ...SUB);
      assert.match(revocation?.reason ?? '', /did not answer within 15 seconds/);
      assert.equal(sockets.length, 1, 'who did not answer is not asked again');
    } finally {
      for (const socket of sockets) socket.destroy();
      server.close();
    }
  });
});
