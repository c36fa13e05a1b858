import assert from 'node:assert/strict';
import { createPrivateKey, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { rootCertificates } from 'node:tls';
import type { InspectAnswer, InspectMoreAnswer } from '../../server/src/lsp/protocol.ts';
import { type CredentialFolder, credentialFolder } from '../support/credentialFiles.ts';
import { hasProgram, needs } from '../support/needs.ts';
import { CONFIRMING, type Fixture, IDENTITY, openFixture } from './fixture.ts';
import { sealingPoint, sealTo } from './sealing.ts';

/** Label → values of all sections, as a person reads them. */
function facts(answer: InspectAnswer, card = 0): Readonly<Record<string, readonly string[]>> {
  const sections = answer.cards[card]?.sections ?? [];
  return Object.fromEntries(
    sections.flatMap(({ heading, rows }) =>
      rows.map(({ label, values }) => [`${heading}/${label}`, values.map(({ text }) => text)]),
    ),
  );
}

describe('language server: what is in a file of credentials', function () {
  this.timeout(120_000);
  let made: CredentialFolder;
  let fixture: Fixture;
  const passphrase = `p ${randomBytes(12).toString('hex')}`;
  const openssl = (line: string): string => made.run('openssl', line.split(' '));

  before(function () {
    needs(this, 'openssl', hasProgram('openssl', 'version'));
    needs(this, 'ssh-keygen', hasProgram('ssh-keygen', '-?'));
    made = credentialFolder();
    made.write(
      'x.cnf',
      `[req]\nprompt=no\ndistinguished_name=dn\n[dn]\nO=Acme\nCN=Acme Root\n[ca]\nbasicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n[leaf]\nsubjectAltName=DNS:api.example,IP:10.0.0.1\nextendedKeyUsage=serverAuth\nkeyUsage=critical,digitalSignature\nbasicConstraints=CA:FALSE\n1.2.3.4.5=ASN1:UTF8String:ours\n`,
    );
    for (const name of ['root', 'issuing', 'leaf', 'stranger'])
      openssl(`genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ${name}.key`);
    openssl('req -new -x509 -key root.key -config x.cnf -extensions ca -days 3650 -out root.pem');
    openssl('req -new -key issuing.key -config x.cnf -subj /O=Acme/CN=Issuing -out issuing.csr');
    openssl(
      'x509 -req -in issuing.csr -CA root.pem -CAkey root.key -extfile x.cnf -extensions ca -days 900 -out issuing.pem',
    );
    openssl('req -new -key leaf.key -config x.cnf -subj /O=Acme/CN=api.example -out leaf.csr');
    openssl(
      'x509 -req -in leaf.csr -CA issuing.pem -CAkey issuing.key -extfile x.cnf -extensions leaf -days 90 -out leaf.pem',
    );
    openssl(
      'req -new -x509 -key stranger.key -config x.cnf -subj /O=Acme/CN=Issuing -extensions ca -days 900 -out stranger.pem',
    );
    openssl(
      `pkcs12 -export -in leaf.pem -inkey leaf.key -certfile issuing.pem -name payments -out leaf.p12 -passout pass:${passphrase.replace(' ', '_')}`,
    );
  });
  after(() => made?.remove());
  afterEach(async () => fixture?.end());

  const put = (name: string, content: string | Uint8Array): string => {
    const file = path.join(fixture.box.folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
    return fixture.uri(name);
  };
  const text = (name: string): string => readFileSync(made.at(name), 'utf8');
  const inspect = (params: object) => fixture.client.request<InspectAnswer>('identity/inspect', params);
  const more = (params: object) => fixture.client.request<InspectMoreAnswer>('identity/inspectMore', params);

  it('shows a chain from root to leaf, with what OpenSSL says of the leaf', async () => {
    fixture = await openFixture();
    const uri = put('chain.pem', text('leaf.pem') + text('issuing.pem') + text('root.pem'));
    const answer = await inspect({ uri });
    assert.equal(answer.state, 'read');
    assert.equal(answer.summary, '1 certificate, 1 CA certificate, 1 root certificate');
    const [chain] = answer.paths;
    assert.deepEqual(
      chain?.links.map(({ role, name, card, problem }) => [role, name, card, problem]),
      [
        ['Root', 'Acme Root', 2, null],
        ['Intermediate', 'Issuing', 1, null],
        ['Leaf', 'api.example', 0, null],
      ],
    );
    assert.match(chain?.verdict ?? '', /^Complete up to its root/);
    const of = facts(answer);
    assert.deepEqual(of['Alternative names/DNS names'], ['api.example']);
    assert.deepEqual(of['Alternative names/IP addresses'], ['10.0.0.1']);
    assert.deepEqual(of['Subject/Organization'], ['Acme']);
    assert.deepEqual(of['Issuer/Common name'], ['Issuing']);
    const [, digest = ''] = /=(.*)/.exec(openssl('x509 -in leaf.pem -noout -fingerprint -sha256')) ?? [];
    assert.deepEqual(of['Fingerprints and identifiers/SHA-256'], [
      digest.trim().replaceAll(':', '').toLowerCase(),
    ]);
    assert.match(answer.cards[0]?.status?.text ?? '', /^Valid · 89 days left$/);
    const table = answer.cards[0]?.sections?.find(({ heading }) => heading === 'All extensions')?.table;
    assert.deepEqual(
      table?.rows.find(([, oid]) => oid?.text === '1.2.3.4.5')?.map(({ text: shown }) => shown),
      ['not known here', '1.2.3.4.5', '', '6 octets'],
    );
  });

  it('says at which certificate a chain breaks, and which issuer is not there', async () => {
    fixture = await openFixture();
    const broken = await inspect({ uri: put('broken.pem', text('leaf.pem') + text('stranger.pem')) });
    assert.equal(broken.paths[0]?.tone, 'bad');
    assert.deepEqual(
      broken.paths[0]?.links.map(({ name, problem }) => [name, problem]),
      [
        ['Issuing', null],
        ['api.example', 'Its signature is not by the key of its issuer.'],
      ],
    );
    const alone = await inspect({ uri: put('alone.pem', text('leaf.pem')) });
    assert.deepEqual(
      alone.paths[0]?.links.map(({ role, name }) => [role, name]),
      [
        ['Not here', 'Issuing'],
        ['Leaf', 'api.example'],
      ],
    );
  });

  it('follows a chain to a trust anchor that the project names', async () => {
    fixture = await openFixture({
      trusted: false,
      files: {
        'trust.identity.yaml':
          'apiVersion: identity-as-code/v1\nkind: TrustBundle\nmetadata: { name: servers }\nspec:\n  owner: { team: shop, contact: shop@example.com }\n  purpose: tls\n  anchors: [{ file: trust/roots.pem }]\n',
        'trust/roots.pem': text('root.pem'),
      },
    });
    const answer = await inspect({ uri: put('served.pem', text('leaf.pem') + text('issuing.pem')) });
    assert.equal(answer.paths[0]?.verdict, 'Leads to a trust anchor of this project (trust bundle servers)');
    assert.deepEqual(
      answer.paths[0]?.links.map(({ role, card, tone }) => [role, card, tone]),
      [
        ['Root', null, 'good'],
        ['Intermediate', 1, 'good'],
        ['Leaf', 0, 'good'],
      ],
    );
  });

  it('opens a PKCS#12 file with a passphrase that no trace shows, and never its key', async () => {
    fixture = await openFixture();
    const uri = put('leaf.p12', readFileSync(made.at('leaf.p12')));
    const secret = passphrase.replace(' ', '_');
    const locked = await inspect({ uri });
    assert.equal(locked.locked?.tried, false);
    const sealed = (word: string, to = uri) =>
      sealTo(sealingPoint(fixture.client), `inspect\n${to}`, Buffer.from(word));
    const wrong = await inspect({ uri, passphrase: sealed('not this one') });
    assert.equal(wrong.locked?.tried, true);
    const elsewhere = await inspect({ uri, passphrase: sealed(secret, fixture.uri('other.p12')) });
    assert.notEqual(elsewhere.locked, null, 'sealed for another file');
    const opened = await inspect({ uri, passphrase: sealed(secret) });
    assert.equal(opened.locked, null);
    assert.deepEqual(opened.cards.map(({ kind }) => kind).sort(), [
      'CA certificate',
      'Certificate',
      'Private key',
    ]);
    const { d = '' } = createPrivateKey(text('leaf.key')).export({ format: 'jwk' });
    const scalar = Buffer.from(d, 'base64url');
    const trace = fixture.client.trace();
    for (const encoding of ['base64url', 'base64', 'hex'] as const)
      assert.ok(!trace.includes(scalar.toString(encoding)), encoding);
    assert.ok(!trace.includes(secret));
    assert.ok(!trace.includes(Buffer.from(secret).toString('base64')));
  });

  it('says of a private key what is public of it', async () => {
    fixture = await openFixture();
    const uri = put('both.pem', text('leaf.key') + text('leaf.pem'));
    const answer = await inspect({ uri });
    const of = facts(answer);
    assert.deepEqual(of['Key/Algorithm'], ['ECDSA-P256']);
    assert.deepEqual(of['Key/The same key here'], ['Certificate: api.example']);
    const { d = '' } = createPrivateKey(text('leaf.key')).export({ format: 'jwk' });
    const trace = fixture.client.trace();
    for (const encoding of ['base64url', 'base64', 'hex'] as const)
      assert.ok(!trace.includes(Buffer.from(d, 'base64url').toString(encoding)), encoding);
  });

  it('names the identity that a file belongs to, in an untrusted folder too, and shows what was recorded', async () => {
    fixture = await openFixture({
      capabilities: CONFIRMING,
      answers: { 'identity/confirm': () => ({ confirmed: true }) },
    });
    const issued = await fixture.run('idac.run', { verb: 'issue', identity: IDENTITY });
    assert.equal(issued.result.state, 'done', issued.message);
    const recorded = await inspect({ identity: IDENTITY });
    assert.match(recorded.publicText ?? '', /^-----BEGIN CERTIFICATE-----/);
    assert.equal(recorded.title, IDENTITY);
    const { box } = fixture;
    await fixture.client.stop();

    fixture = await openFixture({ box, trusted: false });
    const answer = await inspect({ uri: fixture.uri('tls/web.pem') });
    const [owner] = answer.cards[0]?.belongsTo ?? [];
    assert.deepEqual(
      [owner?.identity, owner?.current, owner?.how],
      [IDENTITY, true, 'This is the one in use.'],
    );
    const alone = await inspect({ uri: fixture.uri('tls/web.pem'), alone: true });
    assert.deepEqual([alone.cards[0]?.kind, alone.cards[0]?.belongsTo], ['Certificate', []]);
    assert.equal(owner?.declaredAt?.uri, fixture.uri('web.identity.yaml'));
    assert.deepEqual(
      answer.deliveredHere.map(({ identity, how, current }) => [identity, how, current]),
      [[IDENTITY, 'It is delivered to this file, and the one in use is in it.', true]],
    );
    const key = await inspect({ uri: fixture.uri('tls/web.key.pem') });
    assert.deepEqual(
      key.cards[0]?.belongsTo.map(({ identity, how }) => [identity, how]),
      [[IDENTITY, 'This is its private key.']],
    );
    const other = await inspect({ uri: put('tls/web.pem', text('leaf.pem')) });
    assert.deepEqual(
      other.deliveredHere.map(({ how, current }) => [how, current]),
      [['It is delivered to this file, but the one in use is not in it.', false]],
    );
    assert.deepEqual(other.cards[0]?.belongsTo, []);
  });

  it('pages through a long revocation list and finds a serial number in it', async () => {
    fixture = await openFixture();
    const count = 20_000;
    const lines = Array.from(
      { length: count },
      (_, at) =>
        `R\t400101000000Z\t250101000000Z,superseded\t${(at + 0x100000).toString(16).toUpperCase()}\tunknown\t/CN=${at}`,
    );
    made.write('index.txt', `${lines.join('\n')}\n`);
    made.write('crlnumber', '01\n');
    made.write(
      'ca.cnf',
      '[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\ncrlnumber=crlnumber\ndefault_md=sha256\ndefault_crl_days=30\n',
    );
    openssl('ca -gencrl -config ca.cnf -keyfile root.key -cert root.pem -out long.crl');
    const answer = await inspect({ uri: put('long.crl', readFileSync(made.at('long.crl'))) });
    assert.equal(answer.summary, '1 revocation list');
    const sections = answer.cards[0]?.sections ?? [];
    const section = sections.findIndex(({ heading }) => heading === 'Revoked certificates');
    const table = sections[section]?.table;
    assert.deepEqual([table?.total, table?.rows.length], [count, 100]);
    const page = await more({ reading: answer.reading, of: 'rows', card: 0, section, from: count - 3 });
    assert.ok(page?.of === 'rows');
    assert.equal(page.rows.at(-1)?.[0]?.text, (0x100000 + count - 1).toString(16));
    assert.equal(page.rows.at(-1)?.[2]?.text, 'superseded');
    const found = await more({
      reading: answer.reading,
      of: 'rows',
      card: 0,
      section,
      from: 0,
      filter: '10:00:1F',
    });
    assert.ok(found?.of === 'rows');
    assert.ok(found.rows.every(([serial]) => serial?.text.includes('10001f')));
    assert.ok(found.total > 0 && found.total < 100);
    assert.equal(await more({ reading: 'gone', of: 'cards', from: 0 }), null);
  });

  it('says calmly that a file holds no credential, is too large, or is not there', async () => {
    fixture = await openFixture();
    const nothing = await inspect({ uri: put('notes.pem', 'Dear diary\n') });
    assert.equal(nothing.state, 'nothing');
    assert.match(nothing.summary, /^No certificate and no key is in this file/);
    const large = await inspect({ uri: put('large.crl', Buffer.alloc(11 * 1024 * 1024)) });
    assert.equal(large.state, 'too-large');
    assert.match(large.summary, /larger than 10 MiB/);
    const gone = await inspect({ uri: fixture.uri('gone.pem') });
    assert.match(gone.summary, /there is no such file/);
    await assert.rejects(inspect({ uri: 'git:/leaf.pem' }), /not a file of this machine/);
  });

  it('shows the attributes of a request, and not its challenge password', async () => {
    fixture = await openFixture();
    const challenge = randomBytes(12).toString('hex');
    made.write(
      'challenge.cnf',
      `[req]\nprompt=no\ndistinguished_name=dn\nattributes=at\n[dn]\nCN=asks\n[at]\nchallengePassword=${challenge}\nunstructuredName=depot\n`,
    );
    openssl('req -new -key leaf.key -config challenge.cnf -out asks.csr');
    const answer = await inspect({ uri: put('asks.csr', text('asks.csr')) });
    const of = facts(answer);
    assert.deepEqual(of['Attributes/unstructuredName'], ['depot']);
    assert.deepEqual(of['Attributes/Challenge password'], ['is there, and is not shown']);
    assert.deepEqual(of['Key/Proof of possession'], ['its signature fits its key']);
    assert.ok(!fixture.client.trace().includes(challenge));
  });

  it('of a bundle of thousands: others are answered meanwhile, and it can be given up', async () => {
    fixture = await openFixture();
    put('leaf.pem', readFileSync(path.join(made.path, 'leaf.pem')));
    const many = Array.from({ length: 40 }, () => rootCertificates.join('\n')).join('\n');
    const big = put('many.pem', many);
    const { id, answer } = fixture.client.begin('identity/inspect', { uri: big, alone: true });
    let isAnswered = false;
    answer
      .catch(() => undefined)
      .finally(() => {
        isAnswered = true;
      });
    for (let times = 0; times < 3; times += 1)
      await fixture.client.request('identity/inspect', { uri: fixture.uri('leaf.pem'), alone: true });
    assert.equal(isAnswered, false, 'the small ones did not wait for the large one');
    fixture.client.notify('$/cancelRequest', { id });
    await assert.rejects(answer, /-32800|cancel/i);
    const whole = await fixture.client.request<InspectAnswer>('identity/inspect', { uri: big, alone: true });
    assert.equal(whole.cardCount, rootCertificates.length * 40);
    assert.equal(whole.cards.length, 50, 'the first, and how many there are');
  });
});
