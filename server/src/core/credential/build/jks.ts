/** Writes a Java key store of Sun's own form (JKS, version 2), for programs that cannot read PKCS#12. */
import type { Hasher, RandomSource } from '../../ports.ts';
import { encodeUtf8 } from '../charset.ts';
import { TAG } from '../der.ts';
import { element, oidElement } from '../derWriter.ts';
import { JKS_KEY_PROTECTOR, JKS_MAGIC, jksDigest, protectJksKey } from '../jksProtection.ts';
import { concat, fromBigInt } from '../octets.ts';
import type { KeystoreContent } from './keystore.ts';

const number = (value: number, length = 4) => fromBigInt(BigInt(value), length);

/** As `DataOutput.writeUTF` has it; an alias holds ASCII alone. */
function text(value: string): Uint8Array {
  const bytes = encodeUtf8(value);
  return concat(number(bytes.length, 2), bytes);
}

const sized = (bytes: Uint8Array) => concat(number(bytes.length), bytes);
const certificate = (der: Uint8Array) => concat(text('X.509'), sized(der));
/** Java asks for every alias in lower case. */
const named = (alias: string, at: Date) => concat(text(alias.toLowerCase()), number(at.getTime(), 8));

export function buildJks(
  { key, trusted }: KeystoreContent,
  password: string,
  at: Date,
  { hasher, random }: { readonly hasher: Hasher; readonly random: RandomSource },
): Uint8Array {
  const entries: Uint8Array[] = [];
  if (key !== undefined) {
    const sealed = protectJksKey(key.pkcs8, password, random.bytes(20), hasher);
    const algorithm = element(TAG.sequence, oidElement(JKS_KEY_PROTECTOR), element(TAG.null));
    const info = element(TAG.sequence, algorithm, element(TAG.octetString, sealed));
    const chain = concat(number(key.chain.length), ...key.chain.map(certificate));
    entries.push(concat(number(1), named(key.alias, at), sized(info), chain));
  }
  for (const { alias, der } of trusted) entries.push(concat(number(2), named(alias, at), certificate(der)));
  const data = concat(number(JKS_MAGIC), number(2), number(entries.length), ...entries);
  return concat(data, jksDigest(data, password, hasher));
}
