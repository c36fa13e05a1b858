/** Keys of one line or two: age, WireGuard, minisign, cosign. */
import { createPrivateKey, createPublicKey } from 'node:crypto';
import type { Random } from '../random.ts';
import { integer, octets, oid, sequence } from './der.ts';
import { PRIVATE, pem } from './pem.ts';

const CHARSET = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';

/** BIP 173. */
function bech32(prefix: string, bytes: Buffer): string {
  const values: number[] = [];
  let [held, count] = [0, 0];
  for (const byte of bytes) {
    held = (held << 8) | byte;
    count += 8;
    for (; count >= 5; count -= 5) values.push((held >> (count - 5)) & 31);
    held &= (1 << count) - 1;
  }
  if (count > 0) values.push((held << (5 - count)) & 31);
  const letters = [...prefix].map((letter) => letter.charCodeAt(0));
  const checked = [...letters.map((code) => code >> 5), 0, ...letters.map((code) => code & 31), ...values];
  const polymod = [...checked, 0, 0, 0, 0, 0, 0].reduce((sum, value) => {
    const top = sum >>> 25;
    return [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3].reduce(
      (next, generator, at) => (((top >> at) & 1) === 1 ? next ^ generator : next),
      ((sum & 0x1ffffff) << 5) ^ value,
    );
  }, 1);
  const check = [0, 1, 2, 3, 4, 5].map((at) => ((polymod ^ 1) >> (5 * (5 - at))) & 31);
  return `${prefix}1${[...values, ...check].map((value) => CHARSET[value]).join('')}`;
}

function x25519Public(seed: Buffer): Buffer {
  const der = sequence(integer(0), sequence(oid('1.3.101.110')), octets(octets(seed)));
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  return createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32);
}

export function ageKeys(random: Random): { readonly secret: string; readonly open: string } {
  const seed = random.bytes(32);
  const prefix = ['age', 'secret', 'key', ''].join('-');
  return { secret: bech32(prefix, seed).toUpperCase(), open: bech32('age', x25519Public(seed)) };
}

export function wireguardKeys(random: Random): { readonly secret: string; readonly open: string } {
  const seed = random.bytes(32);
  seed[0] = (seed[0] ?? 0) & 248;
  seed[31] = ((seed[31] ?? 0) & 127) | 64;
  return { secret: seed.toString('base64'), open: x25519Public(seed).toString('base64') };
}

/** The file that `minisign -G` writes: algorithm, key derivation, checksum algorithm, salt, limits, sealed key. */
export function minisignSecret(random: Random): string {
  const limits = Buffer.alloc(16);
  limits.writeBigUInt64LE(33_554_432n, 0);
  limits.writeBigUInt64LE(1_073_741_824n, 8);
  return Buffer.concat([Buffer.from('EdScB2'), random.bytes(32), limits, random.bytes(104)]).toString(
    'base64',
  );
}

export const minisignPublic = (random: Random): string =>
  Buffer.concat([Buffer.from('Ed'), random.bytes(40)]).toString('base64');

/** What `cosign generate-key-pair` writes: a box whose key scrypt makes from the passphrase. */
export function cosignSecret(random: Random): string {
  const box = {
    kdf: { name: 'scrypt', params: { N: 65_536, r: 8, p: 1 }, salt: random.base64(32) },
    cipher: { name: 'nacl/secretbox', nonce: random.base64(24) },
    ciphertext: random.base64(204),
  };
  const label = `ENCRYPTED ${random.pick(['COSIGN', 'SIGSTORE'])} ${PRIVATE}`;
  return pem(label, Buffer.from(JSON.stringify(box)));
}
