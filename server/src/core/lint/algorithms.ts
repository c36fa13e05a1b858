/** AlgorithmIdentifiers as standards want them written. */
import { content, TAG, whole } from '../credential/der.ts';
import { toHex } from '../credential/octets.ts';
import type { AlgorithmIdentifier } from './view/publicKey.ts';

/** What is wrong where the parameters have to be NULL, and be there (RFC 4055, 2.1). */
export function nullParameters({ parameters, node }: AlgorithmIdentifier): string | undefined {
  if (parameters === undefined) return 'its parameters are missing, where NULL should stand';
  if (parameters.tag !== TAG.null || content(parameters).length > 0) return 'its parameters are not NULL';
  return parameters.end === node.contentEnd ? undefined : 'something stands behind its parameters';
}

/** Hex of the whole identifier. */
export function algorithmHex({ node }: AlgorithmIdentifier): string {
  return toHex(whole(node));
}

const RSA_SIGNATURES: ReadonlyMap<string, string> = new Map([
  ['1.2.840.113549.1.1.2', 'MD2'],
  ['1.2.840.113549.1.1.4', 'MD5'],
  ['1.2.840.113549.1.1.5', 'SHA-1'],
  ['1.2.840.113549.1.1.14', 'SHA-224'],
  ['1.2.840.113549.1.1.11', 'SHA-256'],
  ['1.2.840.113549.1.1.12', 'SHA-384'],
  ['1.2.840.113549.1.1.13', 'SHA-512'],
]);

export function isRsaSignature({ oid }: AlgorithmIdentifier): boolean {
  return RSA_SIGNATURES.has(oid);
}

const SHA1: ReadonlySet<string> = new Set([
  '1.2.840.113549.1.1.5',
  '1.2.840.10040.4.3',
  '1.2.840.10045.4.1',
  '1.3.14.3.2.29',
]);

export function isSha1({ oid }: AlgorithmIdentifier): boolean {
  return SHA1.has(oid);
}

export const RSASSA_PSS = '1.2.840.113549.1.1.10';
export const ECDSA_SIGNATURES: ReadonlySet<string> = new Set([
  '1.2.840.10045.4.1',
  '1.2.840.10045.4.3.1',
  '1.2.840.10045.4.3.2',
  '1.2.840.10045.4.3.3',
  '1.2.840.10045.4.3.4',
]);

/** SHA-1, which other rules are about, and what CA/Browser Forum TLS BR, 7.1.3.2 lists besides RSASSA-PSS. */
export const SIGNATURES_FOR_BROWSERS: ReadonlySet<string> = new Set([
  ...SHA1,
  '1.2.840.113549.1.1.11',
  '1.2.840.113549.1.1.12',
  '1.2.840.113549.1.1.13',
  '2.16.840.1.101.3.4.3.2',
  '1.2.840.10045.4.3.2',
  '1.2.840.10045.4.3.3',
  '1.2.840.10045.4.3.4',
]);
