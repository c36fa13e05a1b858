import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { IssuedCertificate } from '../../server/src/backends/contract.ts';
import type { KeyAlgorithm } from '../../server/src/core/credential/keyAlgorithm.ts';
import { encodePem } from '../../server/src/core/credential/pem.ts';
import { hasProgram, needs } from '../support/needs.ts';
import { present, serialOf } from './contract/expectations.ts';
import { named, newRequest, type RequestWithKey, SIGNAL } from './contract/requests.ts';
import { type Bench, makeBench } from './localTools.ts';
import { mutualTls } from './mutualTls.ts';

const NAMES = {
  dnsNames: ['localhost', '*.internal.example.com'],
  ipAddresses: ['127.0.0.1', '2001:db8::7'],
  uris: ['spiffe://example.com/payments/api'],
  emailAddresses: ['api@example.com'],
};

/** The CA's algorithm and its leaf's; every algorithm signs once and is certified once. */
const PAIRS: readonly (readonly [KeyAlgorithm, KeyAlgorithm])[] = [
  ['RSA-2048', 'ECDSA-P521'],
  ['RSA-3072', 'Ed25519'],
  ['ECDSA-P256', 'RSA-2048'],
  ['ECDSA-P384', 'RSA-3072'],
  ['ECDSA-P521', 'ECDSA-P384'],
  ['Ed25519', 'ECDSA-P256'],
];

for (const [authorityAlgorithm, leafAlgorithm] of PAIRS) {
  describe(`independent tools accept a ${authorityAlgorithm} authority and its ${leafAlgorithm} leaf`, function () {
    this.timeout(120_000);
    let bench: Bench;
    let leaf: RequestWithKey;
    let issued: IssuedCertificate;

    before(async function () {
      needs(this, 'openssl', hasProgram('openssl', 'version'));
      bench = await makeBench({
        authority: {
          organization: 'Example Ltd',
          keyAlgorithm: authorityAlgorithm,
          crl: { url: 'http://pki.example.com/issuing.crl' },
          ocsp: { url: 'http://ocsp.example.com' },
          issuerCertificate: { url: 'http://pki.example.com/issuing.cer' },
        },
      });
      leaf = await newRequest({ names: NAMES, usages: ['serverAuth', 'clientAuth'] }, leafAlgorithm);
      issued = await bench.issue(leaf.request);
      bench.pem('leaf.pem', issued.chain[0]);
      bench.pem('issuing.pem', issued.chain[1]);
      bench.pem('root.pem', issued.root);
      bench.put('leaf.key', encodePem('PRIVATE KEY', leaf.pkcs8.reveal()));
      bench.put('leaf.csr', leaf.request.csr);
    });
    after(() => bench?.cleanup());

    const openssl = (...args: readonly string[]): string => {
      const { status, output } = bench.run('openssl', ...args);
      assert.equal(status, 0, `openssl ${args.join(' ')}\n${output}`);
      return output;
    };
    const writeCrl = async (): Promise<void> => {
      const der = await present(bench.authority.crl, 'crl')(SIGNAL);
      bench.put('issuing.crl', encodePem('X509 CRL', der));
    };

    it('openssl verifies request and chain, strictly', () => {
      assert.match(openssl('req', '-inform', 'DER', '-in', 'leaf.csr', '-verify', '-noout'), /verify OK/);
      const chain = ['-x509_strict', '-CAfile', 'root.pem', '-untrusted', 'issuing.pem'];
      for (const purpose of ['sslserver', 'sslclient'])
        openssl('verify', ...chain, '-purpose', purpose, 'leaf.pem');
      openssl('verify', ...chain, '-verify_hostname', 'a.internal.example.com', 'leaf.pem');
      openssl('verify', ...chain, '-verify_ip', '2001:db8::7', 'leaf.pem');
      const wrong = bench.run('openssl', 'verify', ...chain, '-purpose', 'smimesign', 'leaf.pem');
      assert.notEqual(wrong.status, 0, 'not for what was not asked');
    });

    it('openssl completes a mutual TLS handshake with it', async () => {
      const side = { certificate: 'leaf.pem', key: 'leaf.key' };
      const both = { issuing: 'issuing.pem', root: 'root.pem', hostname: 'localhost' };
      const good = await mutualTls(bench.folder, { server: side, client: side, ...both });
      assert.ok(good.ok, `${good.client}\n${good.server}`);
      const mail = await newRequest({ usages: ['emailProtection'] }, leafAlgorithm);
      bench.pem('mail.pem', (await bench.issue(mail.request)).chain[0]);
      bench.put('mail.key', encodePem('PRIVATE KEY', mail.pkcs8.reveal()));
      const client = { certificate: 'mail.pem', key: 'mail.key' };
      const bad = await mutualTls(bench.folder, { server: side, client, ...both });
      assert.ok(!bad.ok, 'a certificate for mail is no client certificate');
    });

    it('certtool parses and verifies it', async function () {
      needs(this, 'certtool', hasProgram('certtool'));
      const certtool = (...args: readonly string[]): string => {
        const { status, output } = bench.run('certtool', ...args);
        assert.equal(status, 0, `certtool ${args.join(' ')}\n${output}`);
        return output;
      };
      for (const file of ['leaf.pem', 'issuing.pem', 'root.pem']) certtool('-i', '--infile', file);
      const text = certtool('-i', '--infile', 'leaf.pem');
      assert.match(text, /DNSname: localhost/);
      assert.match(text, /URI: spiffe:\/\/example.com\/payments\/api/);
      assert.match(text, /Key Purpose[\s\S]*TLS WWW Server/);
      certtool('--crq-info', '--inder', '--infile', 'leaf.csr');
      bench.pem('chain.pem', ...issued.chain, issued.root);
      assert.match(
        certtool('--verify-chain', '--infile', 'chain.pem'),
        /Chain verification output: Verified/,
      );
      const verified = certtool('--verify', '--load-ca-certificate', 'root.pem', '--infile', 'chain.pem');
      assert.match(verified, /Verified/);
      await writeCrl();
      const crl = certtool('--verify-crl', '--load-ca-certificate', 'issuing.pem', '--infile', 'issuing.crl');
      assert.match(crl, /Verified/);
    });

    it('openssl reads CRL and OCSP before and after it is revoked', async () => {
      const checkCrl = (): { status: number | null; output: string } => {
        const chain = ['-CAfile', 'root.pem', '-untrusted', 'issuing.pem', '-CRLfile', 'issuing.crl'];
        return bench.run('openssl', 'verify', '-x509_strict', '-crl_check', ...chain, 'leaf.pem');
      };
      const about = ['-issuer', 'issuing.pem', '-cert', 'leaf.pem'];
      const askOcsp = async (digest: string, nonce: string): Promise<string> => {
        openssl('ocsp', digest, ...about, nonce, '-reqout', 'request.der');
        const question = readFileSync(path.join(bench.folder, 'request.der'));
        const answer = await present(bench.authority.ocsp, 'ocsp')(new Uint8Array(question), SIGNAL);
        bench.put('answer.der', answer);
        const trust = ['-CAfile', 'root.pem', '-verify_other', 'issuing.pem', '-no_nonce'];
        const files = ['-reqin', 'request.der', '-respin', 'answer.der'];
        return bench.run('openssl', 'ocsp', digest, ...about, ...files, ...trust).output;
      };

      await writeCrl();
      openssl('crl', '-in', 'issuing.crl', '-CAfile', 'issuing.pem', '-verify', '-noout');
      assert.equal(checkCrl().status, 0, checkCrl().output);
      for (const nonce of ['-nonce', '-no_nonce'])
        for (const digest of ['-sha1', '-sha256'])
          assert.match(await askOcsp(digest, nonce), /leaf.pem: good\n[\s\S]*Response verify OK\n$/);

      const serial = serialOf(issued.chain[0]);
      await bench.authority.revoke(serial, 'keyCompromise', SIGNAL);
      await writeCrl();
      openssl('crl', '-in', 'issuing.crl', '-CAfile', 'issuing.pem', '-verify', '-noout');
      assert.match(checkCrl().output, /certificate revoked/);
      const revoked = await askOcsp('-sha1', '-nonce');
      assert.match(revoked, /leaf.pem: revoked\n[\s\S]*Reason: keyCompromise[\s\S]*Response verify OK\n$/);

      openssl('ocsp', '-issuer', 'root.pem', '-cert', 'issuing.pem', '-reqout', 'request.der');
      const foreign = new Uint8Array(readFileSync(path.join(bench.folder, 'request.der')));
      bench.put('answer.der', await present(bench.authority.ocsp, 'ocsp')(foreign, SIGNAL));
      const refusal = bench.run('openssl', 'ocsp', '-respin', 'answer.der', '-text', '-noverify').output;
      assert.match(refusal, /unauthorized/);
    });
  });
}

describe('the status of a certificate that was never issued', () => {
  it('is unknown to openssl', async function () {
    needs(this, 'openssl', hasProgram('openssl', 'version'));
    const bench = await makeBench();
    try {
      const { chain, root } = await bench.issue(
        (await newRequest({ names: named('a.example.com') })).request,
      );
      bench.pem('issuing.pem', chain[1]);
      bench.pem('root.pem', root);
      const about = ['-issuer', 'issuing.pem', '-serial', '0x1234'];
      bench.run('openssl', 'ocsp', ...about, '-no_nonce', '-reqout', 'request.der');
      const question = new Uint8Array(readFileSync(path.join(bench.folder, 'request.der')));
      bench.put('answer.der', await present(bench.authority.ocsp, 'ocsp')(question, SIGNAL));
      const trust = ['-CAfile', 'root.pem', '-verify_other', 'issuing.pem', '-no_nonce'];
      const { output } = bench.run('openssl', 'ocsp', ...about, '-respin', 'answer.der', ...trust);
      assert.match(output, /0x1234: unknown\n[\s\S]*Response verify OK/);
      bench.put(
        'answer.der',
        await present(bench.authority.ocsp, 'ocsp')(new Uint8Array([0x30, 0x80]), SIGNAL),
      );
      const damaged = bench.run('openssl', 'ocsp', '-respin', 'answer.der', '-text', '-noverify').output;
      assert.match(damaged, /malformedrequest/i);
    } finally {
      await bench.cleanup();
    }
  });
});
