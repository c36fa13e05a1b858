import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { element, oidElement, unsignedInteger } from '../../../server/src/core/credential/derWriter.ts';
import { OID } from '../../../server/src/core/credential/oid.ts';
import { KEY_FINDERS } from '../../../server/src/core/keys/keyFinders.ts';
import { DETECTORS } from '../../../server/src/core/secrets/generated/registry.ts';
import { secretScanner } from '../../../server/src/core/secrets/scanner.ts';
import { detectionsInOctets, scanTools } from './examples.ts';

const sequence = (...parts: readonly Uint8Array[]): Uint8Array => element(0x30, ...parts);
const octetString = (bytes: Uint8Array): Uint8Array => element(0x04, bytes);

/** As Bouncy Castle writes it: PBES2 over the entries, and a MAC with a key of its own. */
function bcfks(scheme: string = OID.pbes2): Uint8Array {
  const derivation = sequence(
    oidElement(OID.pbkdf2),
    sequence(octetString(randomBytes(64)), unsignedInteger(Uint8Array.of(0xc8, 0x00))),
  );
  const cipher = sequence(oidElement('2.16.840.1.101.3.4.1.47'), sequence(octetString(randomBytes(12))));
  return sequence(
    sequence(sequence(oidElement(scheme), sequence(derivation, cipher)), octetString(randomBytes(600))),
    sequence(sequence(oidElement('1.2.840.113549.2.11')), derivation, octetString(randomBytes(64))),
  );
}

/** The head of BKS and UBER, and entries. */
function bks(version: number, rounds = 1185): Buffer {
  const head = Buffer.alloc(32);
  head.writeUInt32BE(version, 0);
  head.writeUInt32BE(20, 4);
  randomBytes(20).copy(head, 8);
  head.writeUInt32BE(rounds, 28);
  return Buffer.concat([head, randomBytes(400)]);
}

function keytab(realm: string, keyOctets = 32): Buffer {
  const counted = (text: string): Buffer => Buffer.concat([Buffer.from([0, text.length]), Buffer.from(text)]);
  const entry = Buffer.concat([
    Buffer.from([0, 2]),
    counted(realm),
    counted('HTTP'),
    counted('web.corp.test'),
    Buffer.from([0, 0, 0, 1, 0x67, 0, 0, 0, 3, 0, 18, 0, keyOctets]),
    randomBytes(keyOctets),
  ]);
  return Buffer.concat([Buffer.from([5, 2, 0, 0, 0, entry.length]), entry]);
}

const said = (bytes: Uint8Array): readonly string[] =>
  detectionsInOctets('store.bin', bytes).map(({ rule, what }) => `${rule.id}: ${what}`);

describe('files that are keys as a whole', () => {
  it('finds stores of Bouncy Castle by their structure', () => {
    assert.deepEqual(said(bcfks()), ['secret/encrypted-private-key: a key store of Bouncy Castle (BCFKS)']);
    for (const version of [1, 2])
      assert.deepEqual(said(bks(version)), [
        'secret/encrypted-private-key: a key store of Bouncy Castle (BKS or UBER)',
      ]);
  });

  it('finds what stands behind a certificate and before it', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'idac-whole-'));
    const openssl = (...args: readonly string[]): Buffer =>
      execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] });
    try {
      openssl(
        ...[
          'req',
          '-x509',
          '-newkey',
          'ec',
          '-pkeyopt',
          'ec_paramgen_curve:P-256',
          '-nodes',
          '-subj',
          '/CN=a',
        ],
        ...['-keyout', 'k.pem', '-out', 'c.pem'],
      );
      const certificate = openssl('x509', '-in', 'c.pem', '-outform', 'DER');
      const pem = readFileSync(path.join(folder, 'k.pem'));
      const der = openssl('pkcs8', '-topk8', '-nocrypt', '-in', 'k.pem', '-outform', 'DER');
      const store = openssl(
        ...[
          'pkcs12',
          '-export',
          '-inkey',
          'k.pem',
          '-in',
          'c.pem',
          '-certpbe',
          'NONE',
          '-passout',
          'pass:a1b2',
        ],
      );
      const key = 'secret/private-key: an ECDSA-P256 private key (PKCS#8)';
      const locked = 'secret/encrypted-private-key: a key store (PKCS#12)';
      const files: readonly (readonly [
        parts: readonly Uint8Array[],
        said: readonly string[],
        keys: number,
      ])[] = [
        [[certificate], [], 1],
        [[certificate, certificate], [], 2],
        [[certificate, pem], [key], 1],
        [[certificate, der], [key], 1],
        [[der, certificate], [key], 1],
        [[certificate, der, Buffer.from('\n'), pem], [key, key], 1],
        [[certificate, store], [locked], 2],
        [[certificate, Buffer.from('\n'), readFileSync(path.join(folder, 'c.pem'))], [], 2],
      ];
      for (const [parts, expected, count] of files) {
        const bytes = Buffer.concat(parts);
        const { found, keys } = secretScanner(DETECTORS, KEY_FINDERS, scanTools).scan('a.crt', bytes);
        const name = parts.map((part) => part.length).join(', ');
        assert.deepEqual(
          found.map(({ rule, what }) => `${rule.id}: ${what}`),
          expected,
          name,
        );
        assert.equal(keys.length, count, name);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('finds key tables of Kerberos and keys of onion services', () => {
    assert.deepEqual(said(keytab('CORP.TEST')), [
      'secret/private-key: the keys of a Kerberos principal (keytab)',
    ]);
    const tor = Buffer.concat([Buffer.from('== ed25519v1-secret: type0 ==\0\0\0'), randomBytes(64)]);
    assert.deepEqual(said(tor), ['secret/private-key: the private key of an onion service (Tor)']);
  });

  it('leaves other binary files alone', () => {
    for (const bytes of [
      bcfks('1.2.840.113549.1.5.3'),
      bcfks().subarray(0, 300),
      bks(3),
      bks(2, 9),
      bks(2).subarray(0, 20),
      keytab('CORP TEST'),
      keytab('CORP.TEST', 5),
      keytab('CORP.TEST').subarray(0, 40),
      Buffer.from([5, 2]),
      Buffer.concat([Buffer.from('== ed25519v1-public: type0 ==\0\0\0'), randomBytes(32)]),
    ])
      assert.deepEqual(said(bytes), []);
  });
});
