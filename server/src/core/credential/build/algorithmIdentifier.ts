import { AlgorithmIdentifier } from '@peculiar/asn1-x509';
import type { KeyAlgorithm } from '../keyAlgorithm.ts';
import { signatureAlgorithmOf } from './signatureAlgorithm.ts';

export function algorithmIdentifierOf(algorithm: KeyAlgorithm): AlgorithmIdentifier {
  const { oid, parameters } = signatureAlgorithmOf(algorithm);
  return new AlgorithmIdentifier(
    parameters === 'null' ? { algorithm: oid, parameters: null } : { algorithm: oid },
  );
}
