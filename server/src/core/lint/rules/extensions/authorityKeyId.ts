import { sameOctets } from '../../../credential/octets.ts';
import type { CertificateView } from '../../certificateView.ts';
import { rulesOf } from '../../rows.ts';

const has = ({ authorityKeyId }: CertificateView) => authorityKeyId !== undefined;

export const rules = rulesOf(
  {
    source: 'RFC',
    remedy: 'Have it issued again with the key identifier of the authority, and nothing besides.',
  },
  [
    {
      id: 'lint/authority-key-id-missing',
      title: 'A certificate does not say by which key it was signed',
      why: 'An authority has several keys over the years; without the identifier each has to be tried.',
      standard: 'RFC 5280, 4.2.1.1',
      since: '1999-01-01',
      zlint: ['e_ext_authority_key_identifier_no_key_identifier'],
      check: ({ authorityKeyId, isAuthority, isSelfSigned }) =>
        authorityKeyId?.keyId === undefined &&
        !(isAuthority && isSelfSigned) &&
        'it has no key identifier of its authority',
    },
    {
      id: 'lint/authority-key-id-with-issuer',
      title: 'The identifier of the authority’s key names a certificate, too',
      why: 'When the authority is certified anew, the name no longer fits, and some clients find no path.',
      standard: 'Mozilla Root Store Policy, 5.2',
      source: 'Mozilla',
      since: '2013-07-26',
      zlint: ['e_mp_authority_key_identifier_correct'],
      applies: has,
      check: ({ authorityKeyId }) =>
        authorityKeyId?.keyId !== undefined &&
        authorityKeyId.keyId.length > 0 &&
        authorityKeyId.hasIssuer &&
        'the identifier of the authority’s key names a certificate, too',
    },
    {
      id: 'lint/authority-key-id-half',
      title: 'The identifier of the authority’s key names an issuer or a serial number alone',
      why: 'The two stand together or not at all; one alone finds nothing.',
      standard: 'RFC 5280, 4.2.1.1',
      applies: has,
      check: ({ authorityKeyId }) =>
        authorityKeyId !== undefined &&
        authorityKeyId.hasIssuer !== authorityKeyId.hasSerial &&
        'an issuer or a serial number stands alone',
    },
    {
      id: 'lint/self-signed-key-ids-differ',
      severity: 'warning',
      title: 'A certificate of its own issuer names another key as its authority’s',
      why: 'Whoever goes by the identifiers looks for an authority that is not there.',
      standard: 'RFC 5280, 4.2.1.1',
      applies: ({ issuer, subject, authorityKeyId, subjectKeyId, isAuthority }) =>
        isAuthority &&
        issuer !== undefined &&
        subject !== undefined &&
        issuer.attributes.length > 0 &&
        authorityKeyId?.keyId !== undefined &&
        subjectKeyId !== undefined &&
        sameOctets(
          issuer.node.source.subarray(issuer.node.start, issuer.node.end),
          subject.node.source.subarray(subject.node.start, subject.node.end),
        ),
      // Cross-signed within one name is allowed, and rare.
      check: ({ authorityKeyId, subjectKeyId = new Uint8Array() }) =>
        !sameOctets(authorityKeyId?.keyId ?? new Uint8Array(), subjectKeyId) &&
        'issuer and subject are the same, and their keys differ',
    },
  ],
);
