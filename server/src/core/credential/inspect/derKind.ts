import { context, type Der, fieldsOf, isConstructed, objectIdentifier, readTruncated, TAG } from '../der.ts';
import { attempt } from '../problem.ts';

/** What DER can be told to be by its first fields alone, so that damaged data is recognized too. */
export type DerKind =
  | 'certificate'
  | 'certificate-request'
  | 'crl'
  | 'public-key'
  | 'rsa-public-key'
  | 'private-key'
  | 'encrypted-private-key'
  | 'pkcs7'
  | 'pkcs12';

export function derKind(bytes: Uint8Array): DerKind | undefined {
  return attempt([], 'the kind', () => {
    const outer = readTruncated(bytes);
    if (outer.tag !== TAG.sequence) return undefined;
    const [first, second, third] = firstFields(outer, 3);
    switch (first?.tag) {
      case TAG.oid:
        return objectIdentifier(first, 'the type').startsWith('1.2.840.113549.1.7.') ? 'pkcs7' : undefined;
      case TAG.integer:
        return kindWithVersion(first, second, third);
      case TAG.sequence:
        return kindWithSequence(first, second);
      default:
        return undefined;
    }
  });
}

function kindWithVersion(version: Der, second: Der | undefined, third: Der | undefined): DerKind | undefined {
  switch (second?.tag) {
    case TAG.octetString:
      return third === undefined || isConstructed(third) ? 'private-key' : undefined;
    case TAG.integer:
      return third?.tag === TAG.integer ? 'private-key' : third === undefined ? 'rsa-public-key' : undefined;
    case TAG.sequence: {
      const [type] = firstFields(second, 1);
      if (type?.tag !== TAG.oid) return undefined;
      // Both begin with a number and a typed sequence; the content of a PKCS#12 file is PKCS#7 data (RFC 7292, 4).
      const isSafe = objectIdentifier(type, 'the type').startsWith('1.2.840.113549.1.7.');
      return isSafe && version.source[version.contentStart] === 3 ? 'pkcs12' : 'private-key';
    }
    default:
      return undefined;
  }
}

function kindWithSequence(first: Der, second: Der | undefined): DerKind | undefined {
  const inner = firstFields(first, 4);
  const [a, b, c, d] = inner;
  if (a?.tag === TAG.oid) {
    if (second?.tag === TAG.bitString) return 'public-key';
    return second?.tag === TAG.octetString ? 'encrypted-private-key' : undefined;
  }
  if (a?.tag === context(0)) return 'certificate';
  const isTime = (node: Der | undefined): boolean =>
    node?.tag === TAG.utcTime || node?.tag === TAG.generalizedTime;
  // A CRL of version 1 has no version field.
  if (a?.tag === TAG.sequence) return isAlgorithm(a) && isTime(c) ? 'crl' : undefined;
  if (a?.tag !== TAG.integer || b?.tag !== TAG.sequence) return undefined;
  if (isTime(d)) return 'crl';
  // Version 1: a certificate goes on with an algorithm, a request with a name.
  return isAlgorithm(b) ? 'certificate' : c?.tag === TAG.sequence ? 'certificate-request' : undefined;
}

function isAlgorithm(node: Der): boolean {
  return firstFields(node, 1)[0]?.tag === TAG.oid;
}

/** As many of the first fields as can be read; the last may be cut off. */
function firstFields(node: Der, count: number): readonly Der[] {
  const fields = fieldsOf(node, true);
  const found: Der[] = [];
  attempt([], 'a field', () => {
    while (found.length < count && fields.more()) found.push(fields.any('a field'));
  });
  return found;
}
