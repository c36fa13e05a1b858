import { KEY_USAGES } from '../../../credential/extension.ts';
import type { LintRule } from '../../lintRule.ts';
import { USAGE } from '../../purpose.ts';
import type { KeyUsage } from '../../view/extensionValues.ts';

const ENCODING =
  'A bit string in DER ends with its last set bit. Who writes it again gets other octets, so that the signature does not hold there.';

/** Key usages that go with an extended one (RFC 5280, 4.2.1.12). Every set of a list may be joined with one of another. */
const CONSISTENT: ReadonlyMap<string, readonly KeyUsage[]> = new Map([
  [USAGE.serverAuth, ['digitalSignature', 'keyEncipherment', 'keyAgreement']],
  [USAGE.clientAuth, ['digitalSignature', 'keyAgreement']],
  [USAGE.codeSigning, ['digitalSignature']],
  [USAGE.emailProtection, ['digitalSignature', 'nonRepudiation', 'keyEncipherment', 'keyAgreement']],
  [USAGE.timeStamping, ['digitalSignature', 'nonRepudiation']],
  [USAGE.ocspSigning, ['digitalSignature', 'nonRepudiation']],
]);

export const rules: readonly LintRule[] = [
  {
    meta: {
      id: 'lint/cert-sign-without-authority',
      severity: 'error',
      title: 'A certificate may sign certificates and is no authority',
      why: 'The two extensions say the opposite of each other. Readers that look at one of them alone take it for an authority.',
      remedy: 'Issue it again without keyCertSign, or as an authority.',
      standard: 'RFC 5280, 4.2.1.3 and 4.2.1.9',
      source: 'RFC',
      since: '2002-04-01',
      zlint: ['e_ext_key_usage_cert_sign_without_ca'],
    },
    applies: ({ keyUsage }) => keyUsage !== undefined,
    check: ({ keyUsage, isAuthority }) =>
      keyUsage?.set.has('keyCertSign') === true &&
      !isAuthority &&
      'the key usage has keyCertSign, and the basic constraints do not say that it is an authority',
  },
  {
    meta: {
      id: 'lint/key-usage-empty',
      severity: 'error',
      title: 'A key usage has no bit set',
      why: 'It says that the key is for nothing.',
      remedy: 'Issue it again with what the key is for.',
      standard: 'RFC 5280, 4.2.1.3',
      source: 'RFC',
      since: '2008-05-01',
      zlint: ['e_ext_key_usage_without_bits'],
    },
    applies: ({ keyUsage }) => keyUsage !== undefined,
    check: ({ keyUsage }) => keyUsage?.set.size === 0 && 'the key usage has no bit set',
  },
  {
    meta: {
      id: 'lint/key-usage-unknown-bit',
      severity: 'error',
      title: 'A key usage sets a bit that the standard does not have',
      why: 'There are nine bits. Another one shows that the value was put together wrongly.',
      remedy: 'Issue it again with the bits of RFC 5280 alone.',
      standard: 'RFC 5280, 4.2.1.3',
      source: 'RFC',
      since: '2008-05-01',
      zlint: ['e_key_usage_incorrect_length'],
    },
    applies: ({ keyUsage }) => keyUsage !== undefined,
    check: ({ keyUsage }) => keyUsage?.hasMore === true && 'the key usage sets a bit behind the ninth',
  },
  {
    meta: {
      id: 'lint/key-usage-unused-bits',
      severity: 'error',
      title: 'A key usage counts its unused bits wrongly',
      why: ENCODING,
      remedy: 'Issue it again with software that writes named bits as DER wants them.',
      standard: 'RFC 5280, 4.2.1.3; X.690, 11.2.2',
      source: 'RFC',
      zlint: ['e_incorrect_ku_encoding'],
    },
    applies: ({ keyUsage }) => keyUsage !== undefined && keyUsage.octets.length > 0,
    check({ keyUsage }) {
      const wanted = trailingZeros(keyUsage?.octets ?? new Uint8Array());
      return (
        keyUsage?.unusedBits !== wanted &&
        `the key usage says that ${keyUsage?.unusedBits} bits are unused, and ${wanted} are zero at its end`
      );
    },
  },
  {
    meta: {
      id: 'lint/key-usage-trailing-octet',
      severity: 'error',
      title: 'A key usage ends with an octet that says nothing',
      why: ENCODING,
      remedy: 'Issue it again with software that writes named bits as DER wants them.',
      standard: 'RFC 5280, 4.2.1.3; X.690, 11.2.2',
      source: 'RFC',
      zlint: ['e_superfluous_ku_encoding'],
    },
    applies: ({ keyUsage }) => keyUsage !== undefined,
    check: ({ keyUsage }) =>
      (keyUsage?.octets.at(-1) ?? keyUsage?.unusedBits) === 0 && 'the key usage ends with an octet of zero',
  },
  {
    meta: {
      id: 'lint/key-usage-unlike-extended',
      severity: 'error',
      title: 'Key usage and extended key usage do not fit each other',
      why: 'A certificate may be used only where both of them allow it; here no use is left, or one that was not meant.',
      remedy: 'Issue it again with a key usage that fits: digitalSignature for servers, clients and code.',
      standard: 'RFC 5280, 4.2.1.12',
      source: 'RFC',
      since: '2008-05-01',
      zlint: ['e_key_usage_and_extended_key_usage_inconsistent'],
    },
    applies: ({ isSubscriber, keyUsage, extendedKeyUsage }) =>
      isSubscriber && keyUsage !== undefined && extendedKeyUsage !== undefined,
    check({ keyUsage, extendedKeyUsage = [] }) {
      const known = extendedKeyUsage.map((oid) => CONSISTENT.get(oid));
      if (known.length === 0 || known.includes(undefined)) return undefined;
      const allowed = new Set(known.flat());
      const extra = KEY_USAGES.find((usage) => keyUsage?.set.has(usage) === true && !allowed.has(usage));
      if (extra !== undefined) return `the key usage ${extra} goes with none of its extended key usages`;
      return keyUsage?.set.size === 0 && 'its key usage goes with none of its extended key usages';
    },
  },
  {
    meta: {
      id: 'lint/any-usage-critical',
      severity: 'warning',
      title: 'An extended key usage is critical and allows any usage',
      why: 'Who marks it as critical wants it to be obeyed; any usage leaves nothing to obey.',
      remedy: 'Issue it again with the usages that are meant.',
      standard: 'RFC 5280, 4.2.1.12',
      source: 'RFC',
      since: '2002-04-01',
      zlint: ['w_eku_critical_improperly'],
    },
    applies: ({ extendedKeyUsage }) => extendedKeyUsage !== undefined,
    check: (certificate) =>
      certificate.extension('extKeyUsage')?.critical === true &&
      certificate.extendedKeyUsage?.includes(USAGE.any) === true &&
      'the extended key usage is critical, and allows any usage',
  },
];

function trailingZeros(octets: Uint8Array): number {
  let count = 0;
  for (let at = octets.length - 1; at >= 0; at -= 1) {
    const octet = octets[at] ?? 0;
    if (octet !== 0) return count + 31 - Math.clz32(octet & -octet);
    count += 8;
  }
  return count;
}
