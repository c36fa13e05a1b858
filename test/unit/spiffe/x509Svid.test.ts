import assert from 'node:assert/strict';
import fc from 'fast-check';
import { judgeX509Svid, type SvidJudgement } from '../../../server/src/core/credential/spiffe/x509Svid.ts';
import { nodeHasher } from '../../../server/src/platform/crypto/hasher.ts';
import { nodeSignatureVerifier } from '../../../server/src/platform/crypto/signatureVerifier.ts';
import { CA, LEAF, type Made, openWorkshop, type Workshop } from './certificates.ts';

const ID = 'spiffe://example.com/payments/api';
const NAME = `subjectAltName = URI:${ID}`;
const DAY = 86_400_000;

describe('X.509-SVIDs', function () {
  this.timeout(120_000);
  let workshop: Workshop;
  let root: Made;
  let issuing: Made;
  let count = 0;
  before(() => {
    workshop = openWorkshop();
    root = workshop.make('root', CA);
    issuing = workshop.make('issuing', ['basicConstraints = critical, CA:true, pathlen:0', ...CA.slice(1)], {
      issuer: root,
    });
  });
  after(() => workshop.cleanup());

  const leaf = (extensions: readonly string[], issuer = issuing, subject?: string): Made =>
    workshop.make(`leaf-${count++}`, extensions, { issuer, ...(subject === undefined ? {} : { subject }) });
  const judge = (
    chain: readonly Made[],
    change: { readonly anchors?: readonly Made[]; readonly domain?: string; readonly now?: Date } = {},
  ): SvidJudgement =>
    judgeX509Svid(
      chain.map(({ der }) => der),
      {
        trustDomain: change.domain ?? 'example.com',
        x509Authorities: (change.anchors ?? [root]).map(({ der }) => der),
        jwtAuthorities: [],
      },
      { now: change.now ?? new Date(), verifier: nodeSignatureVerifier, hasher: nodeHasher },
    );
  const refused = (why: RegExp, chain: readonly Made[], change: Parameters<typeof judge>[1] = {}): void => {
    const verdict = judge(chain, change);
    assert.ok(!verdict.valid, 'it was taken');
    assert.match(verdict.why, why);
  };

  it('are valid below an intermediate or the root itself, as OpenSSL says too', () => {
    const made = leaf([...LEAF, NAME]);
    assert.ok(workshop.verifies(made, [issuing], root));
    const verdict = judge([made, issuing]);
    assert.ok(verdict.valid);
    assert.equal(verdict.spiffeId, ID);
    assert.ok(new Date(verdict.notAfter) > new Date());
    const below = leaf([...LEAF, NAME, 'extendedKeyUsage = serverAuth, clientAuth'], root);
    assert.ok(judge([below]).valid);
    assert.ok(judge([made, root, issuing]).valid, 'others that come along, in any order, do not matter');
    const nameless = leaf(
      [...LEAF, `subjectAltName = critical, URI:${ID}, DNS:api.example.com`],
      issuing,
      '/',
    );
    assert.ok(judge([nameless, issuing]).valid);
  });

  it('have exactly one URI name', () => {
    refused(/0 URI names/, [leaf(LEAF), issuing]);
    refused(/0 URI names/, [leaf([...LEAF, 'subjectAltName = DNS:api.example.com']), issuing]);
    refused(/2 URI names/, [leaf([...LEAF, `${NAME}, URI:https://example.com`]), issuing]);
    assert.equal(judge([leaf([...LEAF, `${NAME}, URI:${ID}`]), issuing]).spiffeId, null);
  });

  it('have a SPIFFE ID of the trust domain, with a path', () => {
    const named = (uri: string): readonly Made[] => [leaf([...LEAF, `subjectAltName = URI:${uri}`]), issuing];
    refused(/no SPIFFE ID: it does not start/, named('https://example.com/a'));
    refused(/no SPIFFE ID: .*capital/, named('spiffe://Example.com/a'));
    refused(/trust domain other\.com, not to example\.com/, named('spiffe://other.com/a'));
    refused(/path is missing/, named('spiffe://example.com'));
  });

  it('are leaves with the right usages', () => {
    const made = (...extensions: readonly string[]): readonly Made[] => [
      leaf([NAME, ...extensions]),
      issuing,
    ];
    refused(
      /CA certificate/,
      made('basicConstraints = critical, CA:true', 'keyUsage = critical, digitalSignature'),
    );
    refused(/nothing of its key usage/, made());
    refused(/not marked critical/, made('keyUsage = digitalSignature'));
    refused(/lacks digitalSignature/, made('keyUsage = critical, keyEncipherment'));
    refused(/keyCertSign/, made('keyUsage = critical, digitalSignature, keyCertSign'));
    refused(/cRLSign/, made('keyUsage = critical, digitalSignature, cRLSign'));
    refused(/extended key usage/, made(...LEAF, 'extendedKeyUsage = serverAuth'));
    refused(/extended key usage/, made(...LEAF, 'extendedKeyUsage = codeSigning'));
    assert.ok(judge(made(...LEAF, 'extendedKeyUsage = critical, clientAuth, serverAuth')).valid);
    assert.ok(judge(made('keyUsage = critical, digitalSignature, keyAgreement')).valid);
  });

  it('count between their dates, and those of each CA above', () => {
    const made = leaf([...LEAF, NAME]);
    refused(/not valid before/, [made, issuing], { now: new Date(Date.now() - DAY) });
    refused(/^it expired/, [made, issuing], { now: new Date(Date.now() + 31 * DAY) });
    const short = workshop.make('short', CA, { issuer: root, days: 10 });
    const longer = leaf([...LEAF, NAME], short);
    assert.ok(judge([longer, short]).valid);
    refused(/CN=short: it expired/, [longer, short], { now: new Date(Date.now() + 11 * DAY) });
  });

  it('have a path to the bundle', () => {
    const made = leaf([...LEAF, NAME]);
    refused(/no certificate that comes with it/, [made]);
    refused(/has issued it/, [made, issuing], { anchors: [] });
    const stranger = workshop.make('stranger', CA);
    refused(/has issued it/, [made, issuing], { anchors: [stranger] });
    const namesake = workshop.make('namesake', CA, { subject: '/CN=root' });
    refused(/did not sign/, [made, issuing], { anchors: [namesake] });
    assert.ok(judge([made, issuing], { anchors: [namesake, root] }).valid, 'two roots of one name');
    refused(/has issued it/, [made, issuing, stranger], { anchors: [stranger] });
    const own = workshop.make('own', [...LEAF, NAME]);
    refused(/has issued it/, [own]);
  });

  it('are not vouched for by what may not sign certificates', () => {
    const cases: readonly (readonly [RegExp, readonly string[]])[] = [
      [/no CA/, LEAF],
      [/no CA/, ['basicConstraints = critical, CA:false', 'keyUsage = critical, keyCertSign']],
      [/key usage/, ['basicConstraints = critical, CA:true', 'keyUsage = critical, cRLSign']],
      [/key usage/, ['basicConstraints = critical, CA:true']],
      [/limits names/, [...CA, 'nameConstraints = permitted;URI:example.com']],
      [/no certificate that comes/, [...CA, 'nameConstraints = critical, permitted;URI:example.com']],
      [/no certificate that comes/, [...CA, 'policyConstraints = critical, requireExplicitPolicy:0']],
      [/no certificate that comes/, [...CA, '1.2.3.4 = critical, ASN1:NULL']],
      [/may name spiffe/, [...CA, 'subjectAltName = URI:spiffe://other.com']],
      [/may name spiffe/, [...CA, 'subjectAltName = URI:spiffe://example.com/ca']],
      [/extended key usage/, [...CA, 'extendedKeyUsage = codeSigning']],
    ];
    for (const [index, [why, extensions]] of cases.entries()) {
      const between = workshop.make(`ca-${index}`, extensions, { issuer: root });
      refused(why, [leaf([...LEAF, NAME], between), between]);
    }
    const proper = workshop.make('proper', [...CA, 'subjectAltName = URI:spiffe://example.com'], {
      issuer: root,
    });
    assert.ok(judge([leaf([...LEAF, NAME], proper), proper]).valid);
  });

  it('stand no deeper than the CAs above allow', () => {
    const sub = workshop.make('sub', CA, { issuer: issuing });
    const made = leaf([...LEAF, NAME], sub);
    assert.equal(workshop.verifies(made, [sub, issuing], root), false);
    refused(/more CAs stand below it than the 0/, [made, sub, issuing]);
    const one = workshop.make('one', CA, { issuer: root });
    const deep = workshop.make('deep', CA, { issuer: one });
    assert.ok(judge([leaf([...LEAF, NAME], deep), one, deep]).valid);
  });

  it('with a critical extension that is not understood, or a weak digest, are not vouched for', () => {
    refused(/not understood/, [leaf([...LEAF, NAME, '1.2.3.4 = critical, ASN1:NULL']), issuing]);
    assert.ok(judge([leaf([...LEAF, NAME, '1.2.3.4 = ASN1:NULL']), issuing]).valid);
    const weak = workshop.make('weak', [...LEAF, NAME], { issuer: issuing, digest: 'sha1' });
    refused(/SHA1/, [weak, issuing]);
    const rsa = workshop.make('rsa', CA, { issuer: root, rsaBits: 2048 });
    const made = (name: string, options: { digest?: string; pss?: boolean }): Made =>
      workshop.make(name, [...LEAF, NAME], { issuer: rsa, ...options });
    assert.ok(judge([made('pkcs1', {}), rsa]).valid);
    assert.ok(judge([made('pss', { pss: true, digest: 'sha384' }), rsa]).valid);
    refused(/broken digest/, [made('weak-pss', { pss: true, digest: 'sha1' }), rsa]);
    const short = workshop.make('short-rsa', CA, { issuer: root, rsaBits: 1024 });
    refused(/fewer than 2048 bits/, [leaf([...LEAF, NAME], short), short]);
  });

  it('that are damaged or come in a crowd are refused, and nothing throws', () => {
    const made = leaf([...LEAF, NAME]);
    assert.equal(judge([]).valid, false);
    fc.assert(
      fc.property(fc.nat(made.der.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const der = new Uint8Array(made.der);
        der[at] = (der[at] ?? 0) ^ flip;
        const verdict = judge([{ name: 'damaged', der }, issuing]);
        assert.equal(verdict.valid, false);
      }),
      { numRuns: 300 },
    );
    fc.assert(
      fc.property(fc.nat(made.der.length - 1), (length) => {
        assert.equal(judge([{ name: 'cut', der: made.der.subarray(0, length) }, issuing]).valid, false);
      }),
      { numRuns: 50 },
    );
    // The octet before the signature counts the unused bits of the last one; a signature has none.
    const unused = new Uint8Array(made.der);
    const ecdsaWithSha256 = Buffer.from('2a8648ce3d040302', 'hex');
    const signature = Buffer.from(made.der).lastIndexOf(ecdsaWithSha256) + ecdsaWithSha256.length;
    assert.equal(unused[signature], 0x03);
    assert.equal(unused[signature + 2], 0);
    unused[signature + 2] = 1;
    refused(/cannot be relied on/, [{ name: 'unused bits', der: unused }, issuing]);
    const longer = Uint8Array.from([...made.der, 0]);
    refused(/cannot be relied on/, [{ name: 'longer', der: longer }, issuing]);
    refused(/comes with more than/, [made, ...Array.from({ length: 11 }, () => issuing)]);
  });

  it('whose issuers all vouch for each other are given up after a while', () => {
    const first = workshop.make('ring-0', CA, { subject: '/CN=ring' });
    const ring = Array.from({ length: 8 }, (_, n) =>
      workshop.make(`ring-${n + 1}`, CA, { subject: '/CN=ring', issuer: first, key: first }),
    );
    refused(/too many ways/, [leaf([...LEAF, NAME], first), first, ...ring]);
  });
});
