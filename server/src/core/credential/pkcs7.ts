/** PKCS#7 and CMS as a bundle of certificates (RFC 5652, 5): what is signed in it is of no interest here. */
import { context, elements, fieldsOf, objectIdentifier, readDer, sequence, TAG, whole } from './der.ts';
import { OID } from './oid.ts';
import { attempt, type Decoded, type Problem } from './problem.ts';

export interface DecodedBundle {
  /** `signed`: certificates and lists are open to read. */
  readonly kind: 'signed' | 'enveloped' | 'encrypted' | 'other';
  readonly certificates: readonly Uint8Array[];
  readonly revocationLists: readonly Uint8Array[];
}

export function decodeBundle(der: Uint8Array): Decoded<DecodedBundle | undefined> {
  const problems: Problem[] = [];
  const value = attempt(problems, 'the PKCS#7 bundle', (): DecodedBundle => {
    const outer = sequence(readDer(der), 'the bundle');
    const type = objectIdentifier(outer.any('the content type'), 'the content type');
    if (type !== OID.signedData) {
      const kind =
        type === OID.envelopedData ? 'enveloped' : type === OID.encryptedData ? 'encrypted' : 'other';
      return { kind, certificates: [], revocationLists: [] };
    }
    const signed = sequence(
      fieldsOf(outer.take(context(0), 'the content')).any('the content'),
      'the content',
    );
    signed.take(TAG.integer, 'the version');
    signed.take(TAG.set, 'the digest algorithms');
    signed.take(TAG.sequence, 'the signed content');
    const certificates: Uint8Array[] = [];
    const revocationLists: Uint8Array[] = [];
    while (signed.more()) {
      const field = signed.any('a field');
      const into =
        field.tag === context(0) ? certificates : field.tag === context(1) ? revocationLists : undefined;
      if (into === undefined) continue;
      attempt(problems, into === certificates ? 'the certificates' : 'the revocation lists', () => {
        for (const each of elements(field)) into.push(whole(each));
      });
    }
    return { kind: 'signed', certificates, revocationLists };
  });
  return { value, problems };
}
