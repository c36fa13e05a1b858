import {
  BasicOCSPResponse,
  CertStatus,
  id_pkix_ocsp_basic,
  id_pkix_ocsp_nonce,
  KeyHash,
  OCSPResponse,
  OCSPResponseStatus,
  ResponderID,
  ResponseBytes,
  ResponseData,
  RevokedInfo,
  SingleResponse,
} from '@peculiar/asn1-ocsp';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import { Certificate, CRLReason, Extension, SubjectPublicKeyInfo } from '@peculiar/asn1-x509';
import type { RevocationReason } from '../../lifecycle/event.ts';
import type { Cancellation, Hasher, Signer } from '../../ports.ts';
import { algorithmIdentifierOf } from './algorithmIdentifier.ts';
import { bufferOf, derOf, wholeSeconds } from './der.ts';
import type { StatusQuestion } from './ocspRequest.ts';
import { REASON_CODES } from './revocationList.ts';

export type StatusAnswer =
  | { readonly status: 'good' }
  | { readonly status: 'revoked'; readonly at: Date; readonly reason: RevocationReason }
  | { readonly status: 'unknown' };

export interface OcspResponseContent {
  readonly answers: readonly { readonly question: StatusQuestion; readonly answer: StatusAnswer }[];
  readonly producedAt: Date;
  readonly nextUpdate: Date;
  readonly nonce: Uint8Array | undefined;
  /** The CA's own key, or that of a certificate with the purpose ocspSigning. */
  readonly signer: Signer;
  /** Delegated responder: its certificate, DER, so that the client can check it (RFC 6960, 4.2.2.2). */
  readonly responderCertificate?: Uint8Array;
}

/** A signed answer, DER (RFC 6960, 4.2). */
export async function buildOcspResponse(
  content: OcspResponseContent,
  hasher: Hasher,
  signal: Cancellation,
): Promise<Uint8Array> {
  const { signer, nonce, responderCertificate } = content;
  const producedAt = wholeSeconds(content.producedAt);
  const keyBits = new Uint8Array(AsnConvert.parse(signer.spki, SubjectPublicKeyInfo).subjectPublicKey);
  const tbsResponseData = new ResponseData({
    // RFC 6960, 4.2.1: KeyHash is SHA-1 by definition; it finds a key and protects nothing.
    responderID: new ResponderID({ byKey: new KeyHash(bufferOf(hasher.hash('sha1', keyBits))) }),
    producedAt,
    responses: content.answers.map(
      ({ question, answer }) =>
        new SingleResponse({
          certID: question.certId,
          certStatus: statusOf(answer),
          thisUpdate: producedAt,
          nextUpdate: wholeSeconds(content.nextUpdate),
        }),
    ),
    ...(nonce === undefined
      ? {}
      : {
          responseExtensions: [
            new Extension({ extnID: id_pkix_ocsp_nonce, extnValue: new OctetString(bufferOf(nonce)) }),
          ],
        }),
  });
  const response = new BasicOCSPResponse({
    tbsResponseData,
    signatureAlgorithm: algorithmIdentifierOf(signer.algorithm),
    signature: bufferOf(await signer.sign(derOf(tbsResponseData), signal)),
    ...(responderCertificate === undefined
      ? {}
      : { certs: [AsnConvert.parse(responderCertificate, Certificate)] }),
  });
  return derOf(
    new OCSPResponse({
      responseStatus: OCSPResponseStatus.successful,
      responseBytes: new ResponseBytes({
        responseType: id_pkix_ocsp_basic,
        response: new OctetString(derOf(response)),
      }),
    }),
  );
}

/** An answer without signature: the request could not be read, or is about certificates of others (RFC 6960, 2.3). */
export function ocspFailure(status: 'malformedRequest' | 'internalError' | 'unauthorized'): Uint8Array {
  return derOf(new OCSPResponse({ responseStatus: OCSPResponseStatus[status] }));
}

function statusOf(answer: StatusAnswer): CertStatus {
  switch (answer.status) {
    case 'good':
      return new CertStatus({ good: null });
    case 'unknown':
      return new CertStatus({ unknown: null });
    case 'revoked':
      return new CertStatus({
        revoked: new RevokedInfo({
          revocationTime: wholeSeconds(answer.at),
          ...(answer.reason === 'unspecified'
            ? {}
            : { revocationReason: new CRLReason(REASON_CODES[answer.reason]) }),
        }),
      });
    default:
      return answer satisfies never;
  }
}
