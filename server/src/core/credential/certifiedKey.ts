/** What records, the inventory and a scan keep of a certificate, read in one pass where it is written as nearly all are. */
import type { CredentialFacts } from '../lifecycle/event.ts';
import type { Hasher } from '../ports.ts';
import { type DecodedCertificate, decodeCertificate } from './certificate.ts';
import { type CertificateWalk, walkCertificate } from './certificateWalk.ts';
import { fieldsOf, integerHex, readDer, TAG } from './der.ts';
import { nameText } from './distinguishedName.ts';
import { type ExtensionFacts, readExtensions } from './extension.ts';
import { attempt } from './problem.ts';
import { type PublicKeyFacts, publicKeyFacts } from './spki.ts';

/** What a key is certified for. */
export interface CertifiedKey {
  readonly facts: CredentialFacts;
  readonly publicKey: PublicKeyFacts;
  /** What follows the key: the names besides the subject and the rest. What cannot be read of it is absent. */
  readonly extensions: ExtensionFacts;
}

/** Undefined when any of the facts cannot be read. */
export function certifiedKey(der: Uint8Array, hasher: Hasher): CertifiedKey | undefined {
  const walk = walkCertificate(der);
  if (walk === undefined) return unusualKey(der, hasher);
  const publicKey = publicKeyOf(der, walk);
  return (
    publicKey && {
      facts: factsOf(der, walk, publicKey, hasher),
      publicKey,
      extensions: extensionsOf(der, walk),
    }
  );
}

/** The same without what follows the key. */
export function certificateFacts(der: Uint8Array, hasher: Hasher): CredentialFacts | undefined {
  const walk = walkCertificate(der);
  if (walk === undefined) return unusualKey(der, hasher)?.facts;
  const publicKey = publicKeyOf(der, walk);
  return publicKey && factsOf(der, walk, publicKey, hasher);
}

/** The key alone, of a certificate whose facts can all be read. */
export function certifiedPublicKey(der: Uint8Array, hasher: Hasher): PublicKeyFacts | undefined {
  const walk = walkCertificate(der);
  return walk === undefined ? unusualKey(der, hasher)?.publicKey : publicKeyOf(der, walk);
}

function publicKeyOf(der: Uint8Array, { spki, spkiEnd }: CertificateWalk): PublicKeyFacts | undefined {
  return publicKeyFacts(der.subarray(spki, spkiEnd));
}

function factsOf(
  der: Uint8Array,
  walk: CertificateWalk,
  publicKey: PublicKeyFacts,
  hasher: Hasher,
): CredentialFacts {
  return {
    serialNumber: integerHex(readDer(der, walk.serialNumber), 'the serial number'),
    subject: nameText(readDer(der, walk.subject), 'the subject'),
    issuer: nameText(readDer(der, walk.issuer), 'the issuer'),
    notBefore: new Date(walk.notBefore).toISOString(),
    notAfter: new Date(walk.notAfter).toISOString(),
    keyAlgorithm: publicKey.algorithm,
    spkiSha256: hasher.hex('sha256', publicKey.spki),
    fingerprintSha256: hasher.hex('sha256', der.subarray(0, walk.end)),
  };
}

function extensionsOf(der: Uint8Array, { extensions }: CertificateWalk): ExtensionFacts {
  if (extensions < 0) return {};
  const list = attempt([], 'the extensions', () =>
    fieldsOf(readDer(der, extensions)).take(TAG.sequence, 'the extensions'),
  );
  return list === undefined ? {} : readExtensions(list, []).facts;
}

/** Field by field, which takes ten times as long. */
function unusualKey(der: Uint8Array, hasher: Hasher): CertifiedKey | undefined {
  const { value } = decodeCertificate(der, hasher);
  return value && wholeKey(value);
}

function wholeKey({
  truncated,
  publicKey,
  facts: extensions,
  ...read
}: DecodedCertificate): CertifiedKey | undefined {
  const { serialNumber, subject, issuer, notBefore, notAfter, spkiSha256, fingerprintSha256 } = read;
  if (truncated || publicKey === undefined || spkiSha256 === undefined) return undefined;
  if (serialNumber === undefined || subject === undefined || issuer === undefined) return undefined;
  if (notBefore === undefined || notAfter === undefined) return undefined;
  const keyAlgorithm = publicKey.algorithm;
  return {
    facts: {
      serialNumber,
      subject,
      issuer,
      notBefore,
      notAfter,
      keyAlgorithm,
      spkiSha256,
      fingerprintSha256,
    },
    publicKey,
    extensions,
  };
}
