/** OpenPGP's secret key packets (RFC 9580, 5.5.3): whether there is one, and whether a passphrase protects it. */
import type { KeyFound } from './privateKeyBytes.ts';
import { ENCRYPTED_PRIVATE_KEY, PRIVATE_KEY } from './privateKeyRules.ts';

const SECRET_KEY = 5;
/** Multiprecision integers of the public half, by algorithm: RSA, Elgamal, DSA. */
const INTEGERS: ReadonlyMap<number, number> = new Map([
  [1, 2],
  [2, 2],
  [3, 2],
  [16, 3],
  [17, 4],
]);
/** Curves named by an object identifier: ECDH, ECDSA, EdDSA. */
const NAMED_CURVES: ReadonlySet<number> = new Set([18, 19, 22]);
/** X25519, X448, Ed25519, Ed448: octets of the public half. */
const FIXED: ReadonlyMap<number, number> = new Map([
  [25, 32],
  [26, 56],
  [27, 32],
  [28, 57],
]);
const ECDH = 18;

/** Of the first packet, which is that of the primary key. Undefined: it is none, or what it says makes no sense. */
export function secretKeyPacket(bytes: Uint8Array): KeyFound | undefined {
  const body = packetBody(bytes);
  if (body === undefined) return undefined;
  const version = body[0] ?? 0;
  if (version < 3 || version > 6) return undefined;
  // Version, creation time; of version 3 days of validity, too; of version 6 the length of what follows.
  const algorithmAt = version === 3 ? 7 : 5;
  const start = algorithmAt + (version === 6 ? 5 : 1);
  const usage = afterPublic(body, start, body[algorithmAt] ?? 0);
  if (usage === undefined || usage >= body.length) return undefined;
  return body[usage] === 0
    ? { rule: PRIVATE_KEY, what: 'an OpenPGP private key' }
    : { rule: ENCRYPTED_PRIVATE_KEY, what: 'an encrypted OpenPGP private key' };
}

/** Both formats of headers (RFC 9580, 4.2). */
function packetBody(bytes: Uint8Array): Uint8Array | undefined {
  const [tag = 0, first = 0, second = 0] = bytes;
  if ((tag & 0x80) === 0) return undefined;
  const isNew = (tag & 0x40) !== 0;
  if ((isNew ? tag & 0x3f : (tag >> 2) & 0x0f) !== SECRET_KEY) return undefined;
  if (!isNew) return bytes.subarray(1 + ([1, 2, 4, 0][tag & 3] ?? 0));
  if (first < 192) return bytes.subarray(2, 2 + first);
  if (first < 224) return bytes.subarray(3, 3 + ((first - 192) << 8) + second + 192);
  return bytes.subarray(first === 255 ? 6 : 2);
}

function afterPublic(body: Uint8Array, start: number, algorithm: number): number | undefined {
  const integer = (at: number): number => at + 2 + ((((body[at] ?? 0) << 8) | (body[at + 1] ?? 0)) + 7) / 8;
  const counted = (at: number): number => at + 1 + (body[at] ?? 0);
  const fixed = FIXED.get(algorithm);
  if (fixed !== undefined) return start + fixed;
  if (NAMED_CURVES.has(algorithm)) {
    const point = Math.floor(integer(counted(start)));
    return algorithm === ECDH ? counted(point) : point;
  }
  const count = INTEGERS.get(algorithm);
  if (count === undefined) return undefined;
  let at = start;
  for (let each = 0; each < count; each += 1) at = Math.floor(integer(at));
  return at;
}
