import { decodeSshKey } from '../credential/ssh/publicKey.ts';
import type { Hasher } from '../ports.ts';
import type { ReadKey, SightedKey } from './keySighting.ts';

/** A key or a certificate of SSH in wire format. */
export function keyOfSsh(blob: Uint8Array, hasher: Hasher): ReadKey | undefined {
  const { value, problems } = decodeSshKey(blob, hasher);
  if (value === undefined || problems.length > 0) return undefined;
  const { algorithm, spki } = value.publicKey;
  const { certificate } = value;
  if (certificate === undefined)
    return { said: { form: 'ssh-key', what: 'a public key (OpenSSH)', algorithm }, spki };
  const { keyId, principals, serialNumber, validAfter, validBefore, kind } = certificate;
  const said: SightedKey = {
    form: 'ssh-certificate',
    what: 'an SSH certificate',
    algorithm,
    subject: keyId,
    names: principals,
    serialNumber,
    ...(validAfter === undefined ? {} : { notBefore: validAfter }),
    ...(validBefore === undefined ? {} : { notAfter: validBefore }),
    ...(kind === 'host' ? { role: 'host' } : kind === 'user' ? { role: 'login' } : {}),
  };
  return { said, spki };
}
