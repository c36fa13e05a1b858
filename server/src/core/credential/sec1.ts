import { context, objectIdentifier, octetString, readDer, sequence, TAG, whole } from './der.ts';
import { element } from './derWriter.ts';
import { OID } from './oid.ts';
import { attempt } from './problem.ts';

/**
 * ECPrivateKey (RFC 5915) with the name of its curve, out of PKCS#8; undefined for every other key. OpenSSL tries what
 * PKCS#8 might be by several readers, and takes four times as long over it.
 */
export function sec1Of(pkcs8: Uint8Array): Uint8Array | undefined {
  return attempt([], 'the private key', () => {
    const fields = sequence(readDer(pkcs8), 'the private key');
    fields.take(TAG.integer, 'the version');
    const algorithm = sequence(fields.any('the key algorithm'), 'the key algorithm');
    if (objectIdentifier(algorithm.any('the key algorithm'), 'the key algorithm') !== OID.ecPublicKey)
      return undefined;
    const curve = algorithm.take(TAG.oid, 'the curve');
    const key = sequence(readDer(octetString(fields.any('the key'), 'the key')), 'the EC key');
    const version = key.take(TAG.integer, 'the version');
    const number = key.take(TAG.octetString, 'the private number');
    key.optional(context(0));
    const point = key.optional(context(1));
    return element(
      TAG.sequence,
      whole(version),
      whole(number),
      element(context(0), whole(curve)),
      ...(point === undefined ? [] : [whole(point)]),
    );
  });
}
