import {
  CertificateList,
  CRLNumber,
  CRLReason,
  type CRLReasons,
  InvalidityDate,
  id_ce_cRLNumber,
  id_ce_cRLReasons,
  id_ce_invalidityDate,
  RevokedCertificate,
  TBSCertList,
  Time,
  Version,
} from '@peculiar/asn1-x509';
import type { RevocationReason } from '../../lifecycle/event.ts';
import type { Cancellation } from '../../ports.ts';
import { algorithmIdentifierOf } from './algorithmIdentifier.ts';
import type { Issuer } from './certificate.ts';
import { bufferOf, derOf, positiveInteger, wholeSeconds } from './der.ts';
import { asnExtensions, authorityKeyIdentifier, extensionOf } from './extensions.ts';

/** RFC 5280, 5.3.1. */
export const REASON_CODES: Readonly<Record<RevocationReason, CRLReasons>> = {
  unspecified: 0,
  keyCompromise: 1,
  cACompromise: 2,
  affiliationChanged: 3,
  superseded: 4,
  cessationOfOperation: 5,
  certificateHold: 6,
  privilegeWithdrawn: 9,
  aACompromise: 10,
};

interface RevocationEntry {
  /** Magnitude of the serial number. */
  readonly serialNumber: Uint8Array;
  readonly revokedAt: Date;
  readonly reason: RevocationReason;
  /** From when on it must not be trusted, where that is known to be earlier than the revocation (RFC 5280, 5.3.2). */
  readonly invalidSince?: Date;
}

export interface RevocationListContent {
  readonly issuer: Issuer;
  readonly number: number;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date;
  readonly entries: readonly RevocationEntry[];
}

/** A complete version 2 CRL, DER (RFC 5280, 5). */
export async function buildRevocationList(
  content: RevocationListContent,
  signal: Cancellation,
): Promise<Uint8Array> {
  const { issuer } = content;
  const algorithm = algorithmIdentifierOf(issuer.signer.algorithm);
  const tbsCertList = new TBSCertList({
    version: Version.v2,
    signature: algorithm,
    issuer: issuer.name,
    thisUpdate: new Time(wholeSeconds(content.thisUpdate)),
    nextUpdate: new Time(wholeSeconds(content.nextUpdate)),
    // RFC 5280, 5.1.2.6: the list is absent, not empty, when nothing is revoked.
    ...(content.entries.length > 0 ? { revokedCertificates: content.entries.map(entryOf) } : {}),
    crlExtensions: asnExtensions([
      authorityKeyIdentifier(issuer.keyIdentifier),
      extensionOf(id_ce_cRLNumber, new CRLNumber(content.number)),
    ]),
  });
  const signature = bufferOf(await issuer.signer.sign(derOf(tbsCertList), signal));
  return derOf(new CertificateList({ tbsCertList, signatureAlgorithm: algorithm, signature }));
}

function entryOf(entry: RevocationEntry): RevokedCertificate {
  const extensions = [
    // RFC 5280, 5.3.1: absent says the same as unspecified, and should be used.
    ...(entry.reason === 'unspecified'
      ? []
      : [extensionOf(id_ce_cRLReasons, new CRLReason(REASON_CODES[entry.reason]))]),
    ...(entry.invalidSince === undefined
      ? []
      : [extensionOf(id_ce_invalidityDate, new InvalidityDate(wholeSeconds(entry.invalidSince)))]),
  ];
  return new RevokedCertificate({
    userCertificate: positiveInteger(entry.serialNumber),
    revocationDate: new Time(wholeSeconds(entry.revokedAt)),
    ...(extensions.length > 0 ? { crlEntryExtensions: asnExtensions(extensions) } : {}),
  });
}
