/** Key stores: PKCS#12 (RFC 7292) and Java's own JKS. */
import { createHash, createHmac } from 'node:crypto';
import type { Random } from '../random.ts';
import { bmp, type Der, inContext, integer, nothing, octets, oid, sequence, set } from './der.ts';
import { type Key, pkcs8 } from './keys.ts';
import { encrypted } from './pem.ts';

const DATA = '1.2.840.113549.1.7.1';
const data = (content: Buffer): Der => sequence(oid(DATA), inContext(0, octets(content)));

/** Appendix B of RFC 7292, for the MAC key with SHA-256: one block of output is enough. */
function macKey(password: string, salt: Buffer, rounds: number): Buffer {
  const block = 64;
  const fill = (bytes: Buffer): Buffer =>
    Buffer.alloc(Math.ceil(bytes.length / block) * block, bytes.length === 0 ? 0 : bytes);
  const text = Buffer.from(`${password}\0`, 'utf16le').swap16();
  let digest = Buffer.concat([Buffer.alloc(block, 3), fill(salt), fill(text)]);
  for (let round = 0; round < rounds; round += 1) digest = createHash('sha256').update(digest).digest();
  return digest;
}

export function pkcs12(key: Key, certificate: Der, password: string, random: Random): Buffer {
  const localKeyId = sequence(oid('1.2.840.113549.1.9.21'), set(octets(random.bytes(4))));
  const friendly = sequence(oid('1.2.840.113549.1.9.20'), set(bmp('server')));
  const keyBag = sequence(
    oid('1.2.840.113549.1.12.10.1.2'),
    inContext(0, encrypted(pkcs8(key), password, random)),
    set(friendly, localKeyId),
  );
  const certBag = sequence(
    oid('1.2.840.113549.1.12.10.1.3'),
    inContext(0, sequence(oid('1.2.840.113549.1.9.22.1'), inContext(0, octets(certificate)))),
    set(localKeyId),
  );
  return sealedStore(sequence(data(sequence(certBag)), data(sequence(keyBag))), password, random);
}

/** What a server trusts: certificates, and no key. */
export function pkcs12TrustStore(certificates: readonly Der[], password: string, random: Random): Buffer {
  const bags = certificates.map((certificate) =>
    sequence(
      oid('1.2.840.113549.1.12.10.1.3'),
      inContext(0, sequence(oid('1.2.840.113549.1.9.22.1'), inContext(0, octets(certificate)))),
      // Java takes a certificate for trusted where this attribute names a purpose.
      set(sequence(oid('2.16.840.1.113894.746875.1.1'), set(oid('2.5.29.37.0')))),
    ),
  );
  return sealedStore(sequence(data(sequence(...bags))), password, random);
}

function sealedStore(safe: Der, password: string, random: Random): Buffer {
  const [salt, rounds] = [random.bytes(8), 2_048];
  const mac = createHmac('sha256', macKey(password, salt, rounds))
    .update(safe)
    .digest();
  const digestInfo = sequence(sequence(oid('2.16.840.1.101.3.4.2.1'), nothing), octets(mac));
  return sequence(integer(3), data(safe), sequence(digestInfo, octets(salt), integer(rounds)));
}

const utf16 = (password: string): Buffer => Buffer.from(password, 'utf16le').swap16();
const sha1 = (...parts: (Buffer | string)[]): Buffer => {
  const hash = createHash('sha1');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** Sun's key protector: an XOR with a chain of SHA-1 digests. */
function protectedKey(plain: Buffer, password: string, salt: Buffer): Der {
  const sealed = Buffer.alloc(plain.length);
  let digest = salt;
  for (let at = 0; at < plain.length; at += 1) {
    if (at % 20 === 0) digest = sha1(utf16(password), digest);
    sealed[at] = (plain[at] ?? 0) ^ (digest[at % 20] ?? 0);
  }
  const algorithm = sequence(oid('1.3.6.1.4.1.42.2.17.1.1'), nothing);
  return sequence(algorithm, octets(Buffer.concat([salt, sealed, sha1(utf16(password), plain)])));
}

const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
const utf = (text: string): Buffer => Buffer.concat([u32(text.length).subarray(2), Buffer.from(text)]);
const javaTime = (random: Random): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(Date.parse(random.day())));
  return bytes;
};
const x509 = (certificate: Der): Buffer =>
  Buffer.concat([utf('X.509'), u32(certificate.length), certificate]);

function javaStore(entries: readonly Buffer[], password: string): Buffer {
  const body = Buffer.concat([u32(0xfeedfeed), u32(2), u32(entries.length), ...entries]);
  return Buffer.concat([body, sha1(utf16(password), 'Mighty Aphrodite', body)]);
}

export function jks(key: Key, certificate: Der, password: string, random: Random): Buffer {
  const sealed = protectedKey(pkcs8(key), password, random.bytes(20));
  const head = [u32(1), utf('server'), javaTime(random), u32(sealed.length), sealed];
  return javaStore([Buffer.concat([...head, u32(1), x509(certificate)])], password);
}

export function jksTrustStore(certificates: readonly Der[], password: string, random: Random): Buffer {
  const entries = certificates.map((certificate, at) =>
    Buffer.concat([u32(2), utf(`root-${at}`), javaTime(random), x509(certificate)]),
  );
  return javaStore(entries, password);
}
