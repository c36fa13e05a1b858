import { content, elements, fieldsOf, sequence, stringOf, TAG } from '../../../credential/der.ts';
import { attempt } from '../../../credential/problem.ts';
import type { CertificateView } from '../../certificateView.ts';
import { uriParts } from '../../hostNames.ts';
import { hasPolicy, POLICY } from '../../purpose.ts';
import { rulesOf } from '../../rows.ts';

const CPS = '1.3.6.1.5.5.7.2.1';
const NOTICE = '1.3.6.1.5.5.7.2.2';
const UTF8 = TAG.utf8String;
const BMP = 0x1e;
const IA5 = 0x16;
const LONGEST_TEXT = 200;

interface Notice {
  readonly hasReference: boolean;
  readonly text: { readonly tag: number; readonly octets: Uint8Array; readonly value: string } | undefined;
}

/** The user notices of all policies (RFC 5280, 4.2.1.4). */
function notices({ policies = [] }: CertificateView): readonly Notice[] {
  return policies.flatMap(({ qualifiers = [] }) =>
    qualifiers.flatMap(({ oid, value }) => {
      if (oid !== NOTICE || value === undefined) return [];
      const notice = attempt([], 'the notice', (): Notice => {
        const parts = [...elements(sequence(value, 'a notice') && value)];
        const reference = parts.find(({ tag }) => tag === TAG.sequence);
        const text = parts.find(({ tag }) => tag !== TAG.sequence);
        return {
          hasReference: reference !== undefined && fieldsOf(reference).more(),
          text: text && { tag: text.tag, octets: content(text), value: stringOf(text) ?? '' },
        };
      });
      return notice === undefined ? [] : [notice];
    }),
  );
}

const texts = (certificate: CertificateView) => notices(certificate).flatMap(({ text }) => text ?? []);
const hasTexts = (certificate: CertificateView) => texts(certificate).length > 0;
const hasPolicies = ({ policies }: CertificateView) => policies !== undefined;
const TEXT_WHY =
  'Programs that show the text expect it as the standard writes it, and show something else otherwise.';

export const rules = rulesOf(
  { source: 'RFC', remedy: 'Have it issued again with the policies as the standard wants them.' },
  [
    {
      id: 'lint/policy-twice',
      title: 'A policy stands there twice',
      why: 'Readers take the first or refuse the certificate.',
      standard: 'RFC 5280, 4.2.1.4',
      since: '2008-05-01',
      zlint: ['e_ext_cert_policy_duplicate'],
      applies: hasPolicies,
      check({ policies = [] }) {
        const seen = new Set<string>();
        for (const { oid } of policies) {
          if (seen.has(oid)) return `the policy ${oid} stands there twice`;
          seen.add(oid);
        }
        return undefined;
      },
    },
    {
      id: 'lint/policy-notice-reference',
      severity: 'warning',
      title: 'A notice refers to a document by number',
      why: 'Nobody has the text that the number stands for.',
      standard: 'RFC 5280, 4.2.1.4',
      since: '2008-05-01',
      zlint: ['w_ext_cert_policy_contains_noticeref'],
      applies: hasPolicies,
      check: (certificate) =>
        notices(certificate).some(({ hasReference }) => hasReference) && 'a notice has a reference by number',
    },
    {
      id: 'lint/any-policy-qualifier',
      title: 'Any policy has a qualifier that is none of the standard',
      why: 'Who does not know a qualifier cannot tell what it limits.',
      standard: 'RFC 5280, 4.2.1.4',
      since: '2002-04-01',
      zlint: ['e_ext_cert_policy_disallowed_any_policy_qualifier'],
      applies: (certificate) => hasPolicy(certificate, POLICY.any),
      check: ({ policies = [] }) =>
        policies.some(
          ({ oid, qualifiers = [] }) =>
            oid === POLICY.any && qualifiers.some((each) => each.oid !== CPS && each.oid !== NOTICE),
        ) && 'any policy has a qualifier that is neither a CPS nor a notice',
    },
    {
      id: 'lint/notice-ia5-string',
      title: 'The text of a notice is an IA5String',
      why: TEXT_WHY,
      standard: 'RFC 6818, 3',
      since: '2013-01-01',
      zlint: ['e_ext_cert_policy_explicit_text_ia5_string'],
      applies: hasTexts,
      check: (certificate) =>
        texts(certificate).some(({ tag }) => tag === IA5) && 'the text of a notice is an IA5String',
    },
    {
      id: 'lint/notice-not-utf8',
      severity: 'warning',
      title: 'The text of a notice is no UTF8String',
      why: TEXT_WHY,
      standard: 'RFC 6818, 3',
      since: '2013-01-01',
      zlint: ['w_ext_cert_policy_explicit_text_not_utf8'],
      applies: hasTexts,
      check: (certificate) =>
        texts(certificate).some(({ tag }) => tag !== UTF8) && 'the text of a notice is no UTF8String',
    },
    {
      id: 'lint/notice-control-characters',
      severity: 'warning',
      title: 'The text of a notice has control characters',
      why: 'They steer the terminal or the window that shows it.',
      standard: 'RFC 6818, 3',
      since: '2013-01-01',
      zlint: ['w_ext_cert_policy_explicit_text_includes_control'],
      applies: hasTexts,
      check: (certificate) =>
        texts(certificate).some(({ tag, value }) => tag === UTF8 && /\p{Cc}/u.test(value)) &&
        'the text of a notice has control characters',
    },
    {
      id: 'lint/notice-not-nfc',
      severity: 'warning',
      title: 'The text of a notice is not in normal form C',
      why: TEXT_WHY,
      standard: 'RFC 6818, 3',
      since: '2013-01-01',
      zlint: ['w_ext_cert_policy_explicit_text_not_nfc'],
      applies: hasTexts,
      check: (certificate) =>
        texts(certificate).some(
          ({ tag, value }) => (tag === UTF8 || tag === BMP) && value !== value.normalize('NFC'),
        ) && 'the text of a notice is not in normal form C',
    },
    {
      id: 'lint/notice-too-long',
      title: 'The text of a notice has more than 200 characters',
      why: 'Programs that show it cut it off.',
      standard: 'RFC 6818, 3',
      since: '2013-01-01',
      zlint: ['e_ext_cert_policy_explicit_text_too_long'],
      applies: hasTexts,
      check: (certificate) =>
        // Characters by the standard; octets of what is no BMPString, so that no reader cuts them off.
        texts(certificate).some(
          ({ tag, octets, value }) => (tag === BMP ? value.length : octets.length) > LONGEST_TEXT,
        ) && `the text of a notice has more than ${LONGEST_TEXT} characters`,
    },
    {
      id: 'lint/policy-mapping-of-any',
      title: 'A policy is mapped to or from any policy',
      why: 'Then every policy would count for every other.',
      standard: 'RFC 5280, 4.2.1.5',
      since: '2002-04-01',
      zlint: ['e_ext_policy_map_any_policy'],
      applies: ({ policyMappings }) => policyMappings !== undefined,
      check: ({ policyMappings = [] }) =>
        policyMappings.some(({ issuer, subject }) => issuer === POLICY.any || subject === POLICY.any) &&
        'any policy is mapped',
    },
    {
      id: 'lint/policy-mapping-unasserted',
      severity: 'warning',
      title: 'A policy is mapped that the certificate does not have',
      why: 'What is not asserted cannot be mapped: the mapping does nothing.',
      standard: 'RFC 5280, 4.2.1.5',
      since: '2002-04-01',
      zlint: ['w_ext_policy_map_not_in_cert_policy'],
      applies: ({ policyMappings }) => policyMappings !== undefined,
      check: (certificate) =>
        certificate.policyMappings?.some(({ issuer }) => !hasPolicy(certificate, issuer)) === true &&
        'a policy is mapped that the certificate does not have',
    },
    {
      id: 'lint/policy-constraints-empty',
      title: 'The policy constraints constrain nothing',
      why: 'The extension is there to constrain, and has neither of its fields.',
      standard: 'RFC 5280, 4.2.1.11',
      since: '1999-01-01',
      zlint: ['e_ext_policy_constraints_empty'],
      applies: (certificate) => certificate.extension('policyConstraints') !== undefined,
      check(certificate) {
        const value = certificate.extension('policyConstraints')?.value;
        return (
          value !== undefined &&
          value.contentEnd - value.contentStart === 2 &&
          'the policy constraints are empty'
        );
      },
    },
    {
      id: 'lint/policy-qualifier-not-cps',
      title: 'A policy has a qualifier that browsers do not allow',
      why: 'Only the address of the practice statement is allowed; texts make each handshake longer.',
      standard: 'CA/Browser Forum TLS BR, 7.1.2.7.9',
      source: 'CA/B TLS BR',
      since: '2023-09-15',
      zlint: ['e_policy_qualifiers_other_than_cps_not_permitted'],
      applies: hasPolicies,
      check: ({ policies = [] }) =>
        policies.some(({ qualifiers = [] }) => qualifiers.some(({ oid }) => oid !== CPS)) &&
        'a policy has a qualifier that is no address of a practice statement',
    },
    {
      id: 'lint/cps-not-http',
      title: 'The address of a practice statement is not http: or https:',
      why: 'Nobody can read it there.',
      standard: 'CA/Browser Forum TLS BR, 7.1.2.7.9',
      source: 'CA/B TLS BR',
      since: '2023-09-15',
      zlint: ['e_invalid_cps_uri'],
      applies: hasPolicies,
      check: ({ policies = [] }) =>
        policies.some(({ qualifiers = [] }) =>
          qualifiers.some(
            ({ oid, value }) =>
              oid === CPS &&
              value !== undefined &&
              !/^https?$/.test(uriParts(stringOf(value) ?? '')?.scheme ?? ''),
          ),
        ) && 'the address of a practice statement is not http: or https:',
    },
  ],
);
