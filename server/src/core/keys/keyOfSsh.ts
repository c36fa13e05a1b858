import { decodeSshKey } from '../credential/ssh/publicKey.ts';
import type { Hasher } from '../ports.ts';
import type { KeyOfDer } from './keysOfDer.ts';

/** A key or a certificate of SSH in wire format. */
export function keyOfSsh(blob: Uint8Array, hasher: Hasher): KeyOfDer | undefined {
  const { value, problems } = decodeSshKey(blob, hasher);
  if (value === undefined || problems.length > 0) return undefined;
  const { algorithm, spki } = value.publicKey;
  const { certificate } = value;
  if (certificate === undefined) return { form: 'ssh-key', what: 'a public key (OpenSSH)', algorithm, spki };
  const { keyId, principals, serialNumber, validAfter, validBefore, kind } = certificate;
  return {
    form: 'ssh-certificate',
    what: 'an SSH certificate',
    algorithm,
    spki,
    subject: keyId,
    names: principals,
    serialNumber,
    ...(validAfter === undefined ? {} : { notBefore: validAfter }),
    ...(validBefore === undefined ? {} : { notAfter: validBefore }),
    ...(kind === 'host' ? { role: 'host' } : kind === 'user' ? { role: 'login' } : {}),
  };
}
