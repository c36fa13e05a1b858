/** What a certificate for mail has besides its names and its key usage (CA/Browser Forum S/MIME BR, 7.1.2.3, 7.1.3.1). */

import { whole } from '../../../credential/der.ts';
import { toHex } from '../../../credential/octets.ts';
import type { CertificateView } from '../../certificateView.ts';
import { uriParts } from '../../hostNames.ts';
import { isMail, MAIL_SHARED, MAIL_SINCE, mailPolicies, mailStandard } from '../../mailPolicy.ts';
import { crlUrls, ISSUERS, OCSP, urls } from '../../pointers.ts';
import { hasUsage, USAGE } from '../../purpose.ts';
import { type Row, rulesOf } from '../../rows.ts';

const POINTER_WHY =
  'Whoever reads a message years later has to find its authority, and whether the certificate was revoked.';
const isNewer = (certificate: CertificateView): boolean =>
  isMail(certificate, { generation: ['multipurpose', 'strict'] });
const isHttp = (url: string): boolean => uriParts(url)?.scheme === 'http';
/** GLEIF, extensions with the identifier of a legal entity, and the role of a person in it. */
const ENTITY = '1.3.6.1.4.1.52266.1';
const ROLE = '1.3.6.1.4.1.52266.2';
/** A time stamp, and where to look for revocation later. */
const ADOBE = ['1.2.840.113583.1.1.9.1', '1.2.840.113583.1.1.9.2'];
const byOid = ({ extensions }: CertificateView, ...oids: readonly string[]) =>
  extensions.filter(({ oid }) => oids.includes(oid));

/** Encoded AlgorithmIdentifiers. */
const CLASSIC = [
  '300d06092a864886f70d0101010500',
  '301306072a8648ce3d020106082a8648ce3d030107',
  '301006072a8648ce3d020106052b81040022',
  '301006072a8648ce3d020106052b81040023',
  '300506032b6570',
  '300506032b6571',
];
/** ML-DSA and ML-KEM (ballot SMC013). */
const POST_QUANTUM = ['0311', '0312', '0313', '0401', '0402', '0403'].map(
  (arcs) => `300b06096086480165${`03${arcs}`}`,
);
const keyAlgorithm = (
  allowed: readonly string[],
  row: Pick<Row, 'id' | 'since' | 'until' | 'zlint'>,
): Row => ({
  ...row,
  title: 'The key of a certificate for mail is of an algorithm that is not allowed',
  why: 'Mail programs of others cannot encrypt for it, or check what it signed.',
  standard: mailStandard('7.1.3.1'),
  applies: ({ key }) => key !== undefined,
  check: ({ key }) =>
    key !== undefined &&
    !allowed.includes(toHex(whole(key.algorithm.node))) &&
    `the key is of ${key.algorithm.oid}, or written otherwise than it must be`,
});

const ROWS: readonly Row[] = [
  {
    id: 'lint/mail-policy',
    title: 'A certificate for mail does not name one of the reserved policies',
    why: 'The policy says what was checked of the mailbox and its owner.',
    standard: mailStandard('7.1.2.3 and 7.1.6.1'),
    zlint: ['e_exactly_one_smime_policy'],
    applies: ({ isSubscriber }) => isSubscriber,
    check(certificate) {
      const { length } = mailPolicies(certificate);
      return length !== 1 && `it names ${length === 0 ? 'none' : length} of the policies for mail`;
    },
  },
  {
    id: 'lint/mail-legacy-policy',
    title: 'A certificate for mail is of the legacy generation',
    why: 'That generation allowed what was in use before the requirements; it is over.',
    standard: mailStandard('7.1.6.1 (ballot SMC08)'),
    since: '2025-07-15',
    zlint: ['e_legacy_generation_deprecated'],
    applies: (certificate) => mailPolicies(certificate).length > 0,
    check: (certificate) =>
      mailPolicies(certificate).some(({ generation }) => generation === 'legacy') &&
      'its policy is one of the legacy generation',
  },
  {
    id: 'lint/mail-extended-key-usage-strict',
    title: 'The extended key usage of a strict certificate for mail is not that of mail alone',
    why: 'A certificate for mail that is for something else, too, makes a key that lies in a mail program count there.',
    standard: mailStandard('7.1.2.3 f'),
    zlint: ['e_smime_strict_eku_check'],
    applies: (certificate) => isMail(certificate, { generation: ['strict'] }),
    check: ({ extendedKeyUsage = [] }) =>
      (extendedKeyUsage.length === 0 || extendedKeyUsage.some((usage) => usage !== USAGE.emailProtection)) &&
      'the extended key usage is not emailProtection alone',
  },
  {
    id: 'lint/mail-extended-key-usage',
    title:
      'The extended key usage of a certificate for mail is not that of mail, or that of servers, code or time stamps',
    why: 'A certificate for mail that is for something else, too, makes a key that lies in a mail program count there.',
    standard: mailStandard('7.1.2.3 f'),
    zlint: ['e_smime_legacy_multipurpose_eku_check'],
    applies: (certificate) => isMail(certificate, { generation: ['legacy', 'multipurpose'] }),
    check(certificate) {
      if (!hasUsage(certificate, USAGE.emailProtection))
        return 'the extended key usage has no emailProtection';
      const forbidden = [USAGE.serverAuth, USAGE.codeSigning, USAGE.timeStamping, USAGE.any];
      return (
        forbidden.some((usage) => hasUsage(certificate, usage)) &&
        'the extended key usage has one of servers, code, time stamps or any'
      );
    },
  },
  {
    id: 'lint/mail-authority-key-id',
    title: 'A certificate for mail does not name the key of its authority as it must',
    why: POINTER_WHY,
    standard: mailStandard('7.1.2.3 g'),
    zlint: ['e_authority_key_identifier_correct'],
    applies: (certificate) => isMail(certificate),
    check(certificate) {
      const extension = certificate.extension('authorityKeyIdentifier');
      if (extension === undefined) return 'authorityKeyIdentifier is missing';
      if (extension.critical) return 'authorityKeyIdentifier is critical';
      const id = certificate.authorityKeyId;
      if (id === undefined) return undefined;
      if (id.keyId === undefined || id.keyId.length === 0)
        return 'authorityKeyIdentifier has no key identifier';
      return (id.hasIssuer || id.hasSerial) && 'authorityKeyIdentifier has more than the key identifier';
    },
  },
  {
    id: 'lint/mail-crl-missing',
    title: 'A certificate for mail names no revocation list',
    why: POINTER_WHY,
    standard: mailStandard('7.1.2.3 b'),
    zlint: ['e_subscribers_shall_have_crl_distribution_points'],
    applies: (certificate) => isMail(certificate),
    check: (certificate) => crlUrls(certificate).length === 0 && 'it names no revocation list',
  },
  {
    id: 'lint/mail-crl-address',
    title: 'A revocation list of a certificate for mail is not had by http:',
    why: POINTER_WHY,
    standard: mailStandard('7.1.2.3 b'),
    zlint: ['e_subscribers_crl_distribution_points_are_http'],
    applies: (certificate) => isMail(certificate),
    check(certificate) {
      const all = crlUrls(certificate);
      if (isNewer(certificate) && !all.every(isHttp)) return 'a distribution point is not http:';
      return (
        isMail(certificate, { generation: ['legacy'] }) &&
        !all.some(isHttp) &&
        'none of its distribution points is http:'
      );
    },
  },
  {
    id: 'lint/mail-info-address',
    title: 'An address of the authority’s information in a certificate for mail is not http:',
    why: POINTER_WHY,
    standard: mailStandard('7.1.2.3 c'),
    zlint: ['e_smime_strict_aia_shall_have_http_only'],
    applies: (certificate) =>
      isNewer(certificate) && certificate.extension('authorityInfoAccess') !== undefined,
    check: (certificate) =>
      ![...urls(certificate, OCSP), ...urls(certificate, ISSUERS)].every(isHttp) &&
      'an address of its authority’s information is not http:',
  },
  {
    id: 'lint/mail-legacy-info-address',
    title: 'No address of the authority’s information in a legacy certificate for mail is http:',
    why: POINTER_WHY,
    standard: mailStandard('7.1.2.3 c'),
    zlint: ['e_smime_legacy_aia_shall_have_one_http'],
    applies: (certificate) =>
      isMail(certificate, { generation: ['legacy'] }) &&
      certificate.extension('authorityInfoAccess') !== undefined,
    check: (certificate) =>
      [OCSP, ISSUERS]
        .map((method) => urls(certificate, method))
        .some((all) => all.length > 0 && !all.some(isHttp)) && 'none of the addresses of one kind is http:',
  },
  {
    id: 'lint/mail-directory-attributes',
    title: 'A certificate for mail has attributes of a directory',
    why: 'They tell of a person what nobody needs who reads a message.',
    standard: mailStandard('7.1.2.3 j'),
    zlint: ['e_strict_multipurpose_smime_ext_subject_directory_attr'],
    applies: isNewer,
    check: (certificate) =>
      certificate.extension('subjectDirectoryAttributes') !== undefined &&
      'it has subjectDirectoryAttributes',
  },
  {
    id: 'lint/mail-qualified-statements-critical',
    title: 'The qualified statements of a certificate for mail are critical',
    why: 'Mail programs that do not know the statements refuse the certificate.',
    standard: mailStandard('7.1.2.3 k'),
    zlint: ['e_smime_qc_statements_must_not_be_critical'],
    applies: (certificate) => isMail(certificate) && certificate.extension('qcStatements') !== undefined,
    check: (certificate) =>
      certificate.extension('qcStatements')?.critical === true && 'qcStatements is critical',
  },
  {
    id: 'lint/mail-legal-entity',
    title: 'A certificate for mail has the identifier of a legal entity where it must not, or critical',
    why: 'It says that the mailbox is that of an organization, which was not checked.',
    standard: mailStandard('7.1.2.3 l'),
    zlint: ['e_legal_entity_identifier'],
    applies: (certificate) => isMail(certificate),
    check(certificate) {
      const [entity] = byOid(certificate, ENTITY);
      const [role] = byOid(certificate, ROLE);
      const [{ validation } = { validation: undefined }] = mailPolicies(certificate);
      if (validation === 'mailbox' || validation === 'individual')
        return entity !== undefined && 'it has the identifier of a legal entity';
      if (entity?.critical === true || role?.critical === true)
        return 'the identifier of a legal entity, or of a role, is critical';
      return validation === 'organization' && role !== undefined && 'it has the role of a person';
    },
  },
  {
    id: 'lint/mail-adobe-strict',
    title: 'A strict certificate for mail has extensions of Adobe',
    why: 'They are for documents, and not for mail.',
    standard: mailStandard('7.1.2.3 m'),
    zlint: ['e_adobe_extensions_strict_presence'],
    applies: (certificate) => isMail(certificate, { generation: ['strict'] }),
    check: (certificate) => byOid(certificate, ...ADOBE).length > 0 && 'it has an extension of Adobe',
  },
  {
    id: 'lint/mail-adobe-critical',
    title: 'An extension of Adobe in a certificate for mail is critical',
    why: 'Mail programs that do not know the extension refuse the certificate.',
    standard: mailStandard('7.1.2.3 m'),
    zlint: ['e_adobe_extensions_legacy_multipurpose_criticality'],
    applies: (certificate) =>
      isMail(certificate, { generation: ['legacy', 'multipurpose'] }) &&
      byOid(certificate, ...ADOBE).length > 0,
    check: (certificate) =>
      byOid(certificate, ...ADOBE).some(({ critical }) => critical) && 'an extension of Adobe is critical',
  },
  keyAlgorithm(CLASSIC, {
    id: 'lint/mail-key-algorithm-2023',
    until: '2025-08-22',
    zlint: ['e_invalid_legacy_spki_algoid'],
  }),
  keyAlgorithm([...CLASSIC, ...POST_QUANTUM], {
    id: 'lint/mail-key-algorithm',
    since: '2025-08-22',
    zlint: ['e_invalid_spki_algoid'],
  }),
];

export const rules = rulesOf(
  MAIL_SHARED,
  ROWS.map((row) => ({ since: MAIL_SINCE, ...row })),
);
