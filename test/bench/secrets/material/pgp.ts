/** OpenPGP keys (RFC 4880 with EdDSA): a primary key, a user id, and the signature that binds them. */
import { createHash, createPrivateKey, sign } from 'node:crypto';
import type { Random } from '../random.ts';
import { type EdKey, edKey, pkcs8 } from './keys.ts';
import { begin, end, lines, PRIVATE } from './pem.ts';

const u16 = (value: number): Buffer => Buffer.from([value >> 8, value & 0xff]);
const u32 = (value: number): Buffer => Buffer.concat([u16(value >>> 16), u16(value & 0xffff)]);

function mpi(bytes: Buffer): Buffer {
  let at = 0;
  while (at < bytes.length - 1 && bytes[at] === 0) at += 1;
  const body = bytes.subarray(at);
  return Buffer.concat([u16((body.length - 1) * 8 + (32 - Math.clz32(body[0] ?? 0))), body]);
}

const packet = (tag: number, body: Buffer): Buffer =>
  Buffer.concat([Buffer.from([0x80 | (tag << 2) | 1]), u16(body.length), body]);

const ED25519 = Buffer.from([9, 0x2b, 6, 1, 4, 1, 0xda, 0x47, 0x0f, 1]);

function publicBody(key: EdKey, created: number): Buffer {
  const point = mpi(Buffer.concat([Buffer.from([0x40]), key.publicKey]));
  return Buffer.concat([Buffer.from([4]), u32(created), Buffer.from([22]), ED25519, point]);
}

function bindingSignature(key: EdKey, created: number, open: Buffer, user: string): Buffer {
  const subpackets = Buffer.concat([Buffer.from([5, 2]), u32(created), Buffer.from([2, 27, 3])]);
  const hashed = Buffer.concat([Buffer.from([4, 0x13, 22, 8]), u16(subpackets.length), subpackets]);
  const userBytes = Buffer.from(user);
  const digest = createHash('sha256')
    .update(Buffer.from([0x99]))
    .update(u16(open.length))
    .update(open)
    .update(Buffer.from([0xb4]))
    .update(u32(userBytes.length))
    .update(userBytes)
    .update(hashed)
    .update(Buffer.from([4, 0xff]))
    .update(u32(hashed.length))
    .digest();
  const keyId = createHash('sha1')
    .update(Buffer.concat([Buffer.from([0x99]), u16(open.length), open]))
    .digest()
    .subarray(12);
  const signature = sign(null, digest, createPrivateKey({ key: pkcs8(key), format: 'der', type: 'pkcs8' }));
  const issuer = Buffer.concat([Buffer.from([9, 16]), keyId]);
  return Buffer.concat([
    hashed,
    u16(issuer.length),
    issuer,
    digest.subarray(0, 2),
    mpi(signature.subarray(0, 32)),
    mpi(signature.subarray(32)),
  ]);
}

/** RFC 4880, 6.1. */
function crc24(bytes: Buffer): Buffer {
  let crc = 0xb704ce;
  for (const byte of bytes) {
    crc ^= byte << 16;
    for (let bit = 0; bit < 8; bit += 1) {
      crc <<= 1;
      if ((crc & 0x1000000) !== 0) crc ^= 0x1864cfb;
    }
  }
  return Buffer.from([(crc >> 16) & 0xff, (crc >> 8) & 0xff, crc & 0xff]);
}

function armored(label: string, bytes: Buffer): string {
  const sum = crc24(bytes).toString('base64');
  return `${begin(label)}\n\n${lines(bytes.toString('base64'))}\n=${sum}\n${end(label)}\n`;
}

export function pgpKeys(user: string, random: Random): { readonly secret: string; readonly open: string } {
  const key = edKey(random);
  const created = Math.floor(Date.parse(random.day()) / 1_000);
  const open = publicBody(key, created);
  const scalar = mpi(key.seed);
  const sum = scalar.reduce((total, byte) => (total + byte) & 0xffff, 0);
  const secretBody = Buffer.concat([open, Buffer.from([0]), scalar, u16(sum)]);
  const rest = Buffer.concat([
    packet(13, Buffer.from(user)),
    packet(2, bindingSignature(key, created, open, user)),
  ]);
  return {
    secret: armored(`PGP ${PRIVATE} BLOCK`, Buffer.concat([packet(5, secretBody), rest])),
    open: armored('PGP PUBLIC KEY BLOCK', Buffer.concat([packet(6, open), rest])),
  };
}
