import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { hasProgram, needs } from '../support/needs.ts';
import { present, rejectsWith, serialOf } from './contract/expectations.ts';
import { identity, named, newRequest, SIGNAL } from './contract/requests.ts';
import { testClock } from './localContext.ts';
import { makeBench } from './localTools.ts';

const NOW = '2026-03-01T12:00:00.000Z';
const seconds = (iso: string): number => new Date(iso).getTime() / 1000;

describe('embedded authority', () => {
  it('gives exactly the validity that was asked for, from a little before now', async () => {
    const bench = await makeBench({}, testClock(NOW));
    try {
      for (const [durationSeconds, backdate] of [
        [47 * 86_400, 300],
        [600, 60],
      ] as const) {
        const { chain } = await bench.issue((await newRequest({ durationSeconds })).request);
        const leaf = new X509Certificate(present(chain[0], 'leaf'));
        assert.equal(seconds(NOW) - seconds(leaf.validFrom), backdate);
        assert.equal(seconds(leaf.validTo) - seconds(leaf.validFrom) + 1, durationSeconds);
      }
      const short = await rejectsWith(
        'invalid-request',
        bench.authority.issue((await newRequest({ durationSeconds: 30 })).request, SIGNAL),
      );
      assert.match(short.hint, /one minute/);
      const long = await rejectsWith(
        'invalid-request',
        bench.authority.issue((await newRequest({ durationSeconds: 399 * 86_400 })).request, SIGNAL),
      );
      assert.match(long.what, /399 days, longer than the 398 days/);
    } finally {
      await bench.cleanup();
    }
  });

  it('makes serial numbers of 20 octets that are positive and never alike', async () => {
    const bench = await makeBench();
    try {
      const serials = new Set<string>();
      for (let n = 0; n < 8; n++) {
        const serial = serialOf((await bench.issue((await newRequest()).request)).chain[0]);
        assert.match(serial, /^[4-7][0-9a-f]{39}$/);
        serials.add(serial);
      }
      assert.equal(serials.size, 8);
    } finally {
      await bench.cleanup();
    }
  });

  it('finds a serial number however it is written', async () => {
    const bench = await makeBench();
    try {
      const serial = serialOf((await bench.issue((await newRequest()).request)).chain[0]);
      const colons = serial.toUpperCase().match(/../g)?.join(':') ?? '';
      for (const written of [serial.toUpperCase(), colons, `00${serial}`])
        assert.deepEqual(await bench.authority.status(written, SIGNAL), { status: 'good' }, written);
      assert.equal((await bench.authority.status('no number', SIGNAL)).status, 'unknown');
    } finally {
      await bench.cleanup();
    }
  });

  it('makes the next issuing CA before a leaf would outlive it, with files and pointers of its own', async function () {
    needs(this, 'openssl', hasProgram('openssl', 'version'));
    const clock = testClock(new Date(Date.now() - 1000 * 86_400_000).toISOString());
    const config = {
      authority: {
        crl: { path: 'pki/issuing.crl', url: 'http://pki.example.com/issuing.crl' },
        issuerCertificate: { path: 'pki/issuing.cer' },
        publish: { roots: 'pki/roots.pem', chain: 'pki/chain.pem' },
      },
    };
    const bench = await makeBench(config, clock);
    try {
      const durationSeconds = 200 * 86_400;
      const old = await bench.issue((await newRequest({ durationSeconds: 398 * 86_400 })).request);
      clock.set(new Date().toISOString());
      const young = await bench.issue((await newRequest({ durationSeconds })).request);
      assert.notDeepEqual(young.chain[1], old.chain[1], 'another issuing CA');
      assert.deepEqual(young.root, old.root, 'below the same root');
      assert.match(new X509Certificate(present(young.chain[1], 'issuing')).subject, /Issuing CA 2$/);
      assert.match(new X509Certificate(present(young.chain[0], 'leaf')).toString(), /BEGIN/);

      const found = await bench.authority.find({ serialNumber: serialOf(old.chain[0]) }, SIGNAL);
      assert.deepEqual(found?.chain, old.chain, 'what the first one signed keeps its chain');
      await bench.authority.revoke(serialOf(young.chain[0]), 'superseded', SIGNAL);
      assert.deepEqual(await present(bench.authority.publish, 'publish')(SIGNAL), [
        ...['pki/issuing-2.crl', 'pki/issuing-2.cer', 'pki/issuing.crl', 'pki/issuing.cer'],
        ...['pki/chain.pem', 'pki/roots.pem'],
      ]);
      bench.pem('young.pem', young.chain[0]);
      const chain = ['-CAfile', 'project/pki/roots.pem', '-untrusted', 'project/pki/chain.pem'];
      assert.equal(bench.run('openssl', 'verify', '-x509_strict', ...chain, 'young.pem').status, 0);
      const text = bench.run('openssl', 'x509', '-in', 'young.pem', '-noout', '-text').output;
      assert.match(text, /URI:http:\/\/pki.example.com\/issuing-2.crl/);
      const crl = bench.run(
        'openssl',
        'crl',
        '-inform',
        'DER',
        '-in',
        'project/pki/issuing-2.crl',
        '-text',
      ).output;
      assert.match(crl, new RegExp(serialOf(young.chain[0]), 'i'));
    } finally {
      await bench.cleanup();
    }
  });

  it('does not sign beyond the end of its root', async () => {
    const clock = testClock(NOW);
    const bench = await makeBench({}, clock);
    try {
      await bench.authority.roots(SIGNAL);
      clock.set('2046-01-01T00:00:00Z');
      const { request } = await newRequest({ durationSeconds: 90 * 86_400 });
      const refusal = await rejectsWith('invalid-request', bench.authority.issue(request, SIGNAL));
      assert.match(refusal.what, /after the root of this authority on 2046-02-2/);
      const health = await bench.backend.health(SIGNAL);
      assert.equal(health.checks.find(({ what }) => what === 'root')?.ok, false);
    } finally {
      await bench.cleanup();
    }
  });

  it('refuses a repeated request id that asks for something else', async () => {
    const bench = await makeBench();
    try {
      const { request } = await newRequest();
      await bench.issue(request);
      for (const change of [{ names: named('other.example.com') }, { durationSeconds: 3600 }])
        await rejectsWith('conflict', bench.authority.issue({ ...request, ...change }, SIGNAL));
    } finally {
      await bench.cleanup();
    }
  });

  it('marks the names critical when the subject is empty, and takes a declared subject', async function () {
    needs(this, 'openssl', hasProgram('openssl', 'version'));
    const bench = await makeBench();
    try {
      const long = `${'a'.repeat(60)}.example.com`;
      const textOf = async (names: Parameters<typeof newRequest>[0]): Promise<string> => {
        bench.pem('leaf.pem', (await bench.issue((await newRequest(names)).request)).chain[0]);
        return bench.run('openssl', 'x509', '-in', 'leaf.pem', '-noout', '-text', '-nameopt', 'RFC2253')
          .output;
      };
      const empty = await textOf({ names: named(long) });
      assert.match(empty, /Subject: *\n/);
      assert.match(empty, /Subject Alternative Name: critical\n *DNS:a{60}.example.com/);
      const declared = await textOf({
        names: { ...named('a.example.com'), subject: 'CN=api, O=Example\\, Ltd, C=DE' },
      });
      assert.match(declared, /Subject: CN=api,O=Example\\, Ltd,C=DE\n/);
      assert.match(declared, /Subject Alternative Name: \n/);
    } finally {
      await bench.cleanup();
    }
  });

  it('lets usages that vouch for others stand alone only', async () => {
    const bench = await makeBench();
    try {
      for (const usage of ['timeStamping', 'ocspSigning'] as const) {
        await bench.issue((await newRequest({ usages: [usage] })).request);
        const { request } = await newRequest({ usages: ['serverAuth', usage] });
        await rejectsWith('invalid-request', bench.authority.issue(request, SIGNAL));
      }
      const nobody = await newRequest({ names: named() });
      await rejectsWith('invalid-request', bench.authority.issue(nobody.request, SIGNAL));
    } finally {
      await bench.cleanup();
    }
  });

  it('offers no hold, since nothing here could end one', async () => {
    const bench = await makeBench();
    try {
      const serial = serialOf((await bench.issue((await newRequest()).request)).chain[0]);
      assert.ok(!bench.authority.revocationReasons.includes('certificateHold'));
      await rejectsWith('invalid-request', bench.authority.revoke(serial, 'certificateHold', SIGNAL));
      assert.deepEqual(await bench.authority.status(serial, SIGNAL), { status: 'good' });
    } finally {
      await bench.cleanup();
    }
  });

  it('keeps its record apart by identity', async () => {
    const bench = await makeBench();
    try {
      for (const name of ['a', 'b', 'a'])
        await bench.issue((await newRequest({ identity: identity(name) })).request);
      assert.equal((await bench.authority.issuedFor(identity('a'), SIGNAL)).length, 2);
      assert.equal((await bench.authority.issuedFor(identity('b'), SIGNAL)).length, 1);
      const other = { ...identity('a'), namespace: 'other' };
      assert.deepEqual(await bench.authority.issuedFor(other, SIGNAL), []);
    } finally {
      await bench.cleanup();
    }
  });

  it('names a revoked certificate until a list after its end', async () => {
    const clock = testClock(NOW);
    const bench = await makeBench({ authority: { crl: { lifetime: '1d' } } }, clock);
    try {
      const serial = serialOf(
        (await bench.issue((await newRequest({ durationSeconds: 3600 })).request)).chain[0],
      );
      await bench.authority.revoke(serial, 'superseded', SIGNAL);
      const listed = async (): Promise<boolean> =>
        Buffer.from(await present(bench.authority.crl, 'crl')(SIGNAL))
          .toString('hex')
          .includes(serial);
      assert.ok(await listed());
      clock.advance(2 * 3600);
      assert.ok(await listed(), 'expired, and on one more list (RFC 5280, 3.3)');
      clock.advance(2 * 86_400);
      assert.ok(!(await listed()));
    } finally {
      await bench.cleanup();
    }
  });
});
