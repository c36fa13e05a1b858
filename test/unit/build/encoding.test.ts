import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  buildIntermediate,
  buildLeaf,
  buildRoot,
} from '../../../server/src/core/credential/build/certificate.ts';
import { nameOf } from '../../../server/src/core/credential/build/distinguishedName.ts';
import { readIssuerCertificate } from '../../../server/src/core/credential/build/issuer.ts';
import { readOcspRequest } from '../../../server/src/core/credential/build/ocspRequest.ts';
import { buildOcspResponse } from '../../../server/src/core/credential/build/ocspResponse.ts';
import { buildRevocationList } from '../../../server/src/core/credential/build/revocationList.ts';
import { nodeHasher } from '../../../server/src/platform/crypto/hasher.ts';
import { generateSoftwareKey, softwareSigner } from '../../../server/src/platform/crypto/softwareKeys.ts';
import { hasProgram, needs } from '../../support/needs.ts';
import { strictDerProblem } from './strictDer.ts';

const SIGNAL = new AbortController().signal;
const at = (iso: string): Date => new Date(iso);

/** Serial numbers whose top bit is set, which have leading zeros, and which are short. */
const SERIALS = ['ff00000000000001', '000000017f', '01', '80'].map((hex) =>
  Uint8Array.from(Buffer.from(hex, 'hex')),
);

async function makeAll(serialNumber: Uint8Array) {
  const [rootKey, issuingKey, leafKey] = await Promise.all([
    generateSoftwareKey('ECDSA-P256'),
    generateSoftwareKey('ECDSA-P256'),
    generateSoftwareKey('ECDSA-P256'),
  ]);
  const signer = softwareSigner(rootKey.pkcs8, 'ECDSA-P256');
  const issuingSigner = softwareSigner(issuingKey.pkcs8, 'ECDSA-P256');
  const validity = { notBefore: at('2049-12-31T23:59:59.999Z'), notAfter: at('2050-01-01T00:00:00Z') };
  const root = await buildRoot(
    { name: nameOf('Root', 'Example'), serialNumber, validity, signer },
    nodeHasher,
    SIGNAL,
  );
  const anchor = readIssuerCertificate(root);
  assert.ok(anchor);
  const issuing = await buildIntermediate(
    {
      name: nameOf('Issuing', 'Example'),
      serialNumber,
      validity,
      spki: issuingKey.spki,
      pathLength: 0,
      issuer: { ...anchor, signer },
    },
    nodeHasher,
    SIGNAL,
  );
  const authority = readIssuerCertificate(issuing);
  assert.ok(authority);
  const issuer = { ...authority, signer: issuingSigner };
  const leaf = await buildLeaf(
    {
      names: {
        subject: 'OU=b+CN=a,O=Example',
        dnsNames: ['a.example.com'],
        ipAddresses: ['::1'],
        uris: ['urn:a'],
        emailAddresses: [],
      },
      usages: ['serverAuth'],
      urls: { crl: 'http://a/crl', ocsp: 'http://a/ocsp', issuerCertificate: 'http://a/ca' },
      serialNumber,
      validity,
      spki: leafKey.spki,
      keyAlgorithm: 'ECDSA-P256',
      issuer,
    },
    nodeHasher,
    SIGNAL,
  );
  const list = await buildRevocationList(
    {
      issuer,
      number: 128,
      thisUpdate: validity.notBefore,
      nextUpdate: validity.notAfter,
      entries: [
        {
          serialNumber,
          revokedAt: validity.notBefore,
          reason: 'keyCompromise',
          invalidSince: at('2049-01-01T00:00:00Z'),
        },
        { serialNumber: Uint8Array.of(5), revokedAt: validity.notAfter, reason: 'unspecified' },
      ],
    },
    SIGNAL,
  );
  return { root, issuing, leaf, list, issuer, leafKey };
}

describe('what is built', () => {
  it('is DER to the last octet, whatever the serial number', async () => {
    for (const serialNumber of SERIALS) {
      const { root, issuing, leaf, list } = await makeAll(serialNumber);
      for (const [name, der] of Object.entries({ root, issuing, leaf, list }))
        assert.equal(
          strictDerProblem(der),
          undefined,
          `${name}, serial ${Buffer.from(serialNumber).toString('hex')}`,
        );
    }
  });

  it('has UTCTime until 2049 and GeneralizedTime from 2050 on, in whole seconds', async () => {
    const { leaf, list } = await makeAll(Uint8Array.of(1));
    for (const der of [leaf, list]) {
      const text = Buffer.from(der).toString('latin1');
      assert.ok(text.includes('\x17\x0d491231235959Z'), 'UTCTime');
      assert.ok(text.includes('\x18\x0f20500101000000Z'), 'GeneralizedTime');
    }
  });

  it('holds no trailing zero bits in keyUsage (X.690, 11.2.2)', async () => {
    const { leaf, root } = await makeAll(Uint8Array.of(1));
    // digitalSignature alone; with keyCertSign and cRLSign.
    assert.ok(Buffer.from(leaf).includes(Buffer.from('0603551d0f0101ff040403020780', 'hex')));
    assert.ok(Buffer.from(root).includes(Buffer.from('0603551d0f0101ff040403020186', 'hex')));
  });
});

describe('an OCSP answer by a delegated responder', () => {
  it('is accepted by openssl', async function () {
    needs(this, 'openssl', hasProgram('openssl', 'version'));
    const folder = await mkdtemp(path.join(tmpdir(), 'idac-ocsp-'));
    try {
      const now = Date.now();
      const key = await generateSoftwareKey('ECDSA-P256');
      const signer = softwareSigner(key.pkcs8, 'ECDSA-P256');
      const validity = { notBefore: new Date(now - 60_000), notAfter: new Date(now + 3_600_000) };
      const serialNumber = Uint8Array.of(7);
      const root = await buildRoot(
        { name: nameOf('Root', undefined), serialNumber, validity, signer },
        nodeHasher,
        SIGNAL,
      );
      const anchor = readIssuerCertificate(root);
      assert.ok(anchor);
      const responderKey = await generateSoftwareKey('Ed25519');
      const names = { subject: 'CN=Responder', dnsNames: [], ipAddresses: [], uris: [], emailAddresses: [] };
      const responder = await buildLeaf(
        {
          names,
          usages: ['ocspSigning'],
          urls: {},
          serialNumber: Uint8Array.of(8),
          validity,
          spki: responderKey.spki,
          keyAlgorithm: 'Ed25519',
          issuer: { ...anchor, signer },
        },
        nodeHasher,
        SIGNAL,
      );
      await writeFile(`${folder}/root.der`, root);
      const openssl = (...args: readonly string[]) =>
        spawnSync('openssl', args, { cwd: folder, encoding: 'utf8' });
      openssl('x509', '-inform', 'DER', '-in', 'root.der', '-out', 'root.pem');
      openssl('ocsp', '-issuer', 'root.pem', '-serial', '9', '-reqout', 'request.der');
      const request = readOcspRequest(new Uint8Array(await readFile(`${folder}/request.der`)));
      assert.ok(request?.questions[0]);
      const answer = await buildOcspResponse(
        {
          answers: [{ question: request.questions[0], answer: { status: 'good' } }],
          producedAt: new Date(now),
          nextUpdate: new Date(now + 60_000),
          nonce: request.nonce,
          signer: softwareSigner(responderKey.pkcs8, 'Ed25519'),
          responderCertificate: responder,
        },
        nodeHasher,
        SIGNAL,
      );
      assert.equal(strictDerProblem(answer), undefined);
      await writeFile(`${folder}/answer.der`, answer);
      const trust = ['-CAfile', 'root.pem', '-no_nonce', '-reqin', 'request.der', '-respin', 'answer.der'];
      const { stdout, stderr } = openssl('ocsp', '-issuer', 'root.pem', '-serial', '9', ...trust);
      assert.match(stdout, /9: good/);
      assert.match(stderr, /Response verify OK/);
      assert.doesNotMatch(stderr, /WARNING/);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
