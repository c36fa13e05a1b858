import { decodeCertificateRequest } from '../credential/certificateRequest.ts';
import { certifiedKey } from '../credential/certifiedKey.ts';
import { readDer } from '../credential/der.ts';
import type { GeneralName } from '../credential/generalName.ts';
import { derKind } from '../credential/inspect/derKind.ts';
import { decodeBundle } from '../credential/pkcs7.ts';
import { attempt } from '../credential/problem.ts';
import { type PublicKeyFacts, publicKeyFacts, rsaNumbers, rsaSpki } from '../credential/spki.ts';
import type { Hasher } from '../ports.ts';
import type { FoundKey } from './keySighting.ts';

/** A key without its place. */
export type KeyOfDer = Omit<FoundKey, 'start' | 'end'>;

/** What DER holds public keys of, by its structure: certificates, requests, bundles, the keys themselves. */
export function keysOfDer(der: Uint8Array, hasher: Hasher): readonly KeyOfDer[] {
  switch (derKind(der)) {
    case 'certificate':
      return some(keyOfCertificate(der, hasher));
    case 'certificate-request':
      return some(keyOfRequest(der, hasher));
    case 'public-key':
      return some(plainKey(publicKeyFacts(der)));
    case 'rsa-public-key':
      return some(plainKey(rsaKey(der)));
    case 'pkcs7':
      return (decodeBundle(der).value?.certificates ?? []).flatMap((each) =>
        some(keyOfCertificate(each, hasher)),
      );
    default:
      return [];
  }
}

export function keyOfCertificate(der: Uint8Array, hasher: Hasher): KeyOfDer | undefined {
  const certified = certifiedKey(der, hasher);
  if (certified === undefined) return undefined;
  const { facts, publicKey, extensions } = certified;
  const { subject, issuer, serialNumber, notBefore, notAfter, fingerprintSha256 } = facts;
  return {
    form: 'certificate',
    what: 'a certificate',
    algorithm: publicKey.algorithm,
    spki: publicKey.spki,
    ...(facts.spkiSha256 === undefined ? {} : { spkiSha256: facts.spkiSha256 }),
    subject,
    names: namesOf(extensions.subjectAltNames),
    issuer,
    serialNumber,
    notBefore,
    notAfter,
    fingerprintSha256,
    ...(extensions.certificateAuthority === true ? { isAuthority: true } : {}),
  };
}

function keyOfRequest(der: Uint8Array, hasher: Hasher): KeyOfDer | undefined {
  const { value } = decodeCertificateRequest(der, hasher);
  if (value?.publicKey === undefined) return undefined;
  const { subject = '', publicKey, facts } = value;
  return {
    form: 'certificate-request',
    what: 'a certificate request',
    algorithm: publicKey.algorithm,
    spki: publicKey.spki,
    subject,
    names: namesOf(facts.subjectAltNames),
  };
}

function plainKey(key: PublicKeyFacts | undefined): KeyOfDer | undefined {
  return key && { form: 'public-key', what: 'a public key', algorithm: key.algorithm, spki: key.spki };
}

function rsaKey(der: Uint8Array): PublicKeyFacts | undefined {
  const numbers = attempt([], 'the RSA key', () => rsaNumbers(readDer(der)));
  return numbers && publicKeyFacts(rsaSpki(numbers.modulus, numbers.exponent));
}

function namesOf(names: readonly GeneralName[] = []): readonly string[] {
  return names.map(({ kind, value }) => `${kind}:${value}`);
}

function some(key: KeyOfDer | undefined): readonly KeyOfDer[] {
  return key === undefined ? [] : [key];
}
