/** Files that are a private key or a store of keys as a whole, in binary: known by how they begin and proved by their structure. */
import { isBcfks, isBks } from '../credential/bouncyCastle.ts';
import { decodeJks, isJks } from '../credential/jks.ts';
import { decodePkcs12 } from '../credential/pkcs12.ts';
import type { ScanTools } from './detector.ts';
import { isKeytab } from './keytab.ts';
import { type KeyFound, privateKeyIn } from './privateKeyBytes.ts';
import { ENCRYPTED_PRIVATE_KEY, PRIVATE_KEY } from './privateKeyRules.ts';

/** SEQUENCE (X.690, 8.9). */
const SEQUENCE = 0x30;
const JCEKS = [0xce, 0xce, 0xce, 0xce];
/** Of the key of an onion service, before 64 octets of it. */
const TOR = '== ed25519v1-secret: type0 ==\0\0\0';
const TOR_OCTETS = 96;

export function wholeFileKey(bytes: Uint8Array, tools: ScanTools): KeyFound | undefined {
  if (bytes[0] === SEQUENCE) return isWholeDer(bytes, bytes.length) ? derKey(bytes, tools) : undefined;
  if (isJks(bytes)) {
    const { value } = decodeJks(bytes, [], tools.hasher);
    return value.entries.some(({ kind }) => kind === 'privateKey')
      ? { rule: ENCRYPTED_PRIVATE_KEY, what: 'a Java key store with private keys (JKS)' }
      : undefined;
  }
  if (isJceks(bytes)) return { rule: ENCRYPTED_PRIVATE_KEY, what: 'a Java key store (JCEKS)' };
  if (isBks(bytes))
    return { rule: ENCRYPTED_PRIVATE_KEY, what: 'a key store of Bouncy Castle (BKS or UBER)' };
  if (isKeytab(bytes, tools.latin1))
    return { rule: PRIVATE_KEY, what: 'the keys of a Kerberos principal (keytab)' };
  if (bytes.length === TOR_OCTETS && tools.latin1(bytes.subarray(0, TOR.length)) === TOR)
    return { rule: PRIVATE_KEY, what: 'the private key of an onion service (Tor)' };
  return undefined;
}

/** Whether a file of this size that begins so would have to be read as a whole. */
export function isStoreOfKeys(bytes: Uint8Array, size: number): boolean {
  return isJks(bytes) || isJceks(bytes) || (bytes[0] === SEQUENCE && isWholeDer(bytes, size));
}

function isJceks(bytes: Uint8Array): boolean {
  return JCEKS.every((octet, place) => bytes[place] === octet);
}

function derKey(bytes: Uint8Array, tools: ScanTools): KeyFound | undefined {
  const key = privateKeyIn(bytes, tools);
  if (key !== undefined) return key;
  if (isBcfks(bytes)) return { rule: ENCRYPTED_PRIVATE_KEY, what: 'a key store of Bouncy Castle (BCFKS)' };
  const { value } = decodePkcs12(bytes, [], { ...tools, budget: { left: 0 } });
  if (value === undefined) return undefined;
  if (value.bags.some(({ kind }) => kind === 'privateKey'))
    return { rule: PRIVATE_KEY, what: 'a key store with a private key that is not encrypted (PKCS#12)' };
  const isLocked = value.lockedSafes.length > 0 || value.bags.some(({ kind }) => kind === 'lockedKey');
  return isLocked ? { rule: ENCRYPTED_PRIVATE_KEY, what: 'a key store (PKCS#12)' } : undefined;
}

/** The length that it gives is that of the file: text that begins with a zero is not parsed. */
function isWholeDer(bytes: Uint8Array, size: number): boolean {
  const first = bytes[1] ?? 0;
  if (first < 0x80) return size === first + 2;
  const count = first & 0x7f;
  if (count === 0) return true;
  let length = 0;
  for (let at = 0; at < count && at < 4; at += 1) length = length * 256 + (bytes[2 + at] ?? 0);
  return count <= 4 && size === length + 2 + count;
}
