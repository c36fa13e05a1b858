import { decodeCertificateRequest } from '../credential/certificateRequest.ts';
import { walkCertificate } from '../credential/certificateWalk.ts';
import { certifiedKey, certifiedPublicKey } from '../credential/certifiedKey.ts';
import { readDer } from '../credential/der.ts';
import type { GeneralName } from '../credential/generalName.ts';
import { derKind } from '../credential/inspect/derKind.ts';
import { decodeBundle } from '../credential/pkcs7.ts';
import { attempt } from '../credential/problem.ts';
import { type PublicKeyFacts, publicKeyFacts, rsaNumbers, rsaSpki } from '../credential/spki.ts';
import type { Hasher } from '../ports.ts';
import type { ReadKey, SightedKey } from './keySighting.ts';

/** What DER holds public keys of, by its structure: certificates, requests, bundles, the keys themselves. */
export function keysOfDer(der: Uint8Array, hasher: Hasher): readonly ReadKey[] {
  // What can be walked as a certificate is one: nothing else has to be asked of it.
  if (walkCertificate(der) !== undefined) return some(keyOfCertificate(der, hasher));
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

/** Undefined where any of what a certificate says cannot be read. */
export function keyOfCertificate(der: Uint8Array, hasher: Hasher): ReadKey | undefined {
  const key = certifiedPublicKey(der, hasher);
  if (key === undefined) return undefined;
  const { algorithm, spki } = key;
  return {
    said: { form: 'certificate', what: 'a certificate', algorithm },
    spki,
    certificate: withoutRest(der),
  };
}

/** What may follow it is not its own. */
function withoutRest(der: Uint8Array): Uint8Array {
  const { end } = readDer(der);
  return end === der.length ? der : der.subarray(0, end);
}

/** With all that its certificate says. */
export function certifiedSighting(said: SightedKey, certificate: Uint8Array, hasher: Hasher): SightedKey {
  const certified = certifiedKey(certificate, hasher);
  if (certified === undefined) return said;
  const { subject, issuer, serialNumber, notBefore, notAfter, fingerprintSha256 } = certified.facts;
  const { subjectAltNames, certificateAuthority } = certified.extensions;
  return {
    ...said,
    subject,
    names: namesOf(subjectAltNames),
    issuer,
    serialNumber,
    notBefore,
    notAfter,
    fingerprintSha256,
    ...(certificateAuthority === true ? { isAuthority: true } : {}),
  };
}

function keyOfRequest(der: Uint8Array, hasher: Hasher): ReadKey | undefined {
  const { value } = decodeCertificateRequest(der, hasher);
  if (value?.publicKey === undefined) return undefined;
  const { subject = '', publicKey, facts } = value;
  const { algorithm, spki } = publicKey;
  const names = namesOf(facts.subjectAltNames);
  return {
    said: { form: 'certificate-request', what: 'a certificate request', algorithm, subject, names },
    spki,
  };
}

function plainKey(key: PublicKeyFacts | undefined): ReadKey | undefined {
  if (key === undefined) return undefined;
  const { algorithm, spki } = key;
  return { said: { form: 'public-key', what: 'a public key', algorithm }, spki };
}

function rsaKey(der: Uint8Array): PublicKeyFacts | undefined {
  const numbers = attempt([], 'the RSA key', () => rsaNumbers(readDer(der)));
  return numbers && publicKeyFacts(rsaSpki(numbers.modulus, numbers.exponent));
}

function namesOf(names: readonly GeneralName[] = []): readonly string[] {
  return names.map(({ kind, value }) => `${kind}:${value}`);
}

function some(key: ReadKey | undefined): readonly ReadKey[] {
  return key === undefined ? [] : [key];
}

/** What it stands in is said with it. */
export function calledAs(what: string, key: ReadKey): ReadKey {
  return { ...key, said: { ...key.said, what } };
}
