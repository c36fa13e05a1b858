/** Which bits of the key usage a certificate for mail has, by its key (CA/Browser Forum S/MIME BR, 7.1.2.3 e). */
import type { CertificateView } from '../../certificateView.ts';
import type { LintRule } from '../../lintRule.ts';
import { isMail, MAIL_SHARED, MAIL_SINCE, type MailGeneration, mailStandard } from '../../mailPolicy.ts';
import { type Row, rulesOf } from '../../rows.ts';
import type { KeyUsage } from '../../view/extensionValues.ts';

const WHY =
  'A mail program offers what the bits say: with others a key that only signs is taken for encryption, or a message that was signed is refused.';

/** A key that signs has the first two, one that others encrypt for the rest; one that does both has all. */
const SIGNING: readonly KeyUsage[] = ['digitalSignature', 'nonRepudiation'];

interface Uses {
  readonly id: `lint/${string}`;
  readonly title: string;
  readonly key: 'RSA' | 'EC';
  readonly generation: readonly MailGeneration[];
  /** The bit that says that others encrypt, and what may stand beside it. */
  readonly encrypting: readonly [KeyUsage, ...KeyUsage[]];
  readonly zlint: string;
}

const ALL: readonly MailGeneration[] = ['legacy', 'multipurpose', 'strict'];
const USES: readonly Uses[] = [
  {
    id: 'lint/mail-rsa-key-usage-strict',
    title: 'A strict certificate for mail has bits of key usage that do not go together',
    key: 'RSA',
    generation: ['strict'],
    encrypting: ['keyEncipherment'],
    zlint: 'e_rsa_key_usage_strict',
  },
  {
    id: 'lint/mail-rsa-key-usage',
    title: 'A certificate for mail has bits of key usage that do not go together',
    key: 'RSA',
    generation: ['legacy', 'multipurpose'],
    encrypting: ['keyEncipherment', 'dataEncipherment'],
    zlint: 'e_rsa_key_usage_legacy_multipurpose',
  },
  {
    id: 'lint/mail-ec-key-usage',
    title: 'A certificate for mail with an elliptic key has bits of key usage that do not go together',
    key: 'EC',
    generation: ALL,
    encrypting: ['keyAgreement', 'encipherOnly', 'decipherOnly'],
    zlint: 'e_ecpublickey_key_usages',
  },
];

const has = ({ keyUsage }: CertificateView, usage: KeyUsage): boolean => keyUsage?.set.has(usage) === true;

const together: readonly Row[] = USES.map(({ key, generation, encrypting, zlint, ...row }) => ({
  ...row,
  why: WHY,
  standard: mailStandard('7.1.2.3 e'),
  zlint: [zlint],
  applies: (certificate) =>
    certificate.key?.kind === key &&
    isMail(certificate, { generation }) &&
    (has(certificate, 'digitalSignature') || has(certificate, encrypting[0])),
  check(certificate) {
    const allowed = new Set<KeyUsage>([
      ...(has(certificate, 'digitalSignature') ? SIGNING : []),
      ...(has(certificate, encrypting[0]) ? encrypting : []),
    ]);
    const others = [...(certificate.keyUsage?.set ?? [])].filter((usage) => !allowed.has(usage));
    return others.length > 0 && `the key usage has ${others.join(', ')}, too`;
  },
}));

/** Neither signs nor has anything encrypted for it. */
const useless = (key: 'RSA' | 'EC', id: `lint/${string}`, encrypting: KeyUsage, zlint: string): Row => ({
  id,
  title: `The key usage of a certificate for mail allows neither digitalSignature nor ${encrypting}`,
  why: WHY,
  standard: mailStandard('7.1.2.3 e'),
  zlint: [zlint],
  applies: (certificate) =>
    certificate.key?.kind === key && isMail(certificate) && (certificate.keyUsage?.set.size ?? 0) > 0,
  check: (certificate) =>
    !has(certificate, 'digitalSignature') &&
    !has(certificate, encrypting) &&
    `the key usage has neither digitalSignature nor ${encrypting}`,
});

const ROWS: readonly Row[] = [
  {
    id: 'lint/mail-key-usage-missing',
    title: 'A certificate for mail has no key usage',
    why: WHY,
    standard: mailStandard('7.1.2.3 e'),
    zlint: ['e_key_usage_presence'],
    applies: (certificate) => isMail(certificate),
    check: (certificate) => certificate.extension('keyUsage') === undefined && 'it has no key usage',
  },
  {
    id: 'lint/mail-key-usage-not-critical',
    severity: 'warning',
    title: 'The key usage of a certificate for mail is not critical',
    why: WHY,
    standard: mailStandard('7.1.2.3 e'),
    zlint: ['w_key_usage_criticality'],
    applies: (certificate) => isMail(certificate) && certificate.extension('keyUsage') !== undefined,
    check: (certificate) =>
      certificate.extension('keyUsage')?.critical === false && 'the key usage is not critical',
  },
  ...together,
  useless('RSA', 'lint/mail-rsa-key-without-use', 'keyEncipherment', 'e_rsa_other_key_usages'),
  useless('EC', 'lint/mail-ec-key-without-use', 'keyAgreement', 'e_ec_other_key_usages'),
  {
    id: 'lint/mail-edwards-key-usage',
    title: 'A certificate for mail with an Edwards key does not just sign',
    why: 'A key on an Edwards curve signs, and nothing else can be done with it.',
    standard: mailStandard('7.1.2.3 e'),
    zlint: ['e_edwardspublickey_key_usages'],
    applies: (certificate) =>
      certificate.key?.kind === 'Ed25519' &&
      isMail(certificate) &&
      certificate.extension('keyUsage') !== undefined,
    check(certificate) {
      if (!has(certificate, 'digitalSignature')) return 'the key usage has no digitalSignature';
      const others = [...(certificate.keyUsage?.set ?? [])].filter((usage) => !SIGNING.includes(usage));
      return others.length > 0 && `the key usage has ${others.join(', ')}, too`;
    },
  },
];

export const rules: readonly LintRule[] = rulesOf(
  MAIL_SHARED,
  ROWS.map((row) => ({ since: MAIL_SINCE, ...row })),
);
