import { content, elements, readInside } from '../../../credential/der.ts';
import { attempt } from '../../../credential/problem.ts';
import type { LintRule } from '../../lintRule.ts';

/** SEQUENCE SIZE (1..MAX) OF, in RFC 5280. */
const LISTS: ReadonlySet<string | undefined> = new Set([
  'certificatePolicies',
  'policyMappings',
  'subjectAltName',
  'issuerAltName',
  'subjectDirectoryAttributes',
  'extKeyUsage',
  'cRLDistributionPoints',
  'authorityInfoAccess',
  'subjectInfoAccess',
  'freshestCRL',
]);

export const rules: readonly LintRule[] = [
  {
    meta: {
      id: 'lint/extensions-need-version-3',
      severity: 'error',
      title: 'A certificate has extensions and is not of version 3',
      why: 'Version 1 and 2 have no extensions. Software that goes by the version does not see the limits that they set.',
      remedy: 'Issue it again as version 3.',
      standard: 'RFC 5280, 4.1.2.1 and 4.1.2.9',
      source: 'RFC',
      since: '1999-01-01',
      zlint: ['e_cert_extensions_version_not_3'],
    },
    applies: ({ version }) => version !== undefined,
    check: ({ version, hasExtensionsField, extensions }) =>
      version !== 3 &&
      hasExtensionsField &&
      extensions.length > 0 &&
      `it has extensions, and is of version ${version}`,
  },
  {
    meta: {
      id: 'lint/version-not-3',
      severity: 'error',
      title: 'A certificate for browsers is not of version 3',
      why: 'Only version 3 can say what a certificate is for and whether it may issue others.',
      remedy: 'Issue it again as version 3.',
      standard: 'CA/Browser Forum TLS BR, 7.1.1',
      source: 'CA/B TLS BR',
      since: '2015-04-16',
      zlint: ['e_invalid_certificate_version'],
    },
    applies: ({ version }) => version !== undefined,
    check: ({ version }) => version !== 3 && `it is of version ${version}`,
  },
  {
    meta: {
      id: 'lint/unique-id',
      severity: 'error',
      title: 'A certificate has unique identifiers of issuer or subject',
      why: 'They were meant for names that are given away again, and are read by nearly nobody.',
      remedy: 'Issue it again without them; key identifiers do the same.',
      standard: 'RFC 5280, 4.1.2.8',
      source: 'RFC',
      since: '2008-05-01',
      zlint: ['e_cert_contains_unique_identifier'],
    },
    check: ({ hasIssuerUniqueId, hasSubjectUniqueId }) =>
      (hasIssuerUniqueId || hasSubjectUniqueId) &&
      `it has a unique identifier of its ${hasIssuerUniqueId ? 'issuer' : 'subject'}`,
  },
  {
    meta: {
      id: 'lint/unique-id-version',
      severity: 'error',
      title: 'A certificate of version 1 has unique identifiers',
      why: 'Version 1 has no such fields; readers that go by the version do not find what follows them.',
      remedy: 'Issue it again without them.',
      standard: 'RFC 5280, 4.1.2.8',
      source: 'RFC',
      since: '2008-05-01',
      zlint: ['e_cert_unique_identifier_version_not_2_or_3'],
    },
    applies: ({ version }) => version !== undefined,
    check: ({ version, hasIssuerUniqueId, hasSubjectUniqueId }) =>
      (hasIssuerUniqueId || hasSubjectUniqueId) &&
      version !== 2 &&
      version !== 3 &&
      `it has unique identifiers, and is of version ${version}`,
  },
  {
    meta: {
      id: 'lint/duplicate-extension',
      severity: 'error',
      title: 'A certificate has one extension twice',
      why: 'One reader takes the first and another the last of them: the same certificate then has different names or limits.',
      remedy: 'Issue it again with each extension once.',
      standard: 'RFC 5280, 4.2',
      source: 'RFC',
      since: '1999-01-01',
      zlint: ['e_ext_duplicate_extension'],
    },
    applies: ({ version }) => version === 3,
    check({ extensions }) {
      const seen = new Set<string>();
      for (const { oid, name } of extensions) {
        if (seen.has(oid)) return `the extension ${name ?? oid} stands there twice`;
        seen.add(oid);
      }
      return undefined;
    },
  },
  {
    meta: {
      id: 'lint/empty-extension',
      severity: 'error',
      title: 'An extension is a list without elements',
      why: 'The standard wants at least one; whether an empty list means nothing or everything differs from reader to reader.',
      remedy: 'Issue it again without the extension, or with what it should say.',
      standard: 'RFC 5280, 4.2.1.4 to 4.2.2.2',
      source: 'RFC',
      since: '1999-01-01',
      zlint: ['e_ext_cannot_be_empty_sequence'],
    },
    check({ extensions }) {
      const empty = extensions.find(
        ({ name, value }) =>
          LISTS.has(name) &&
          attempt([], 'the extension', () => [...elements(readInside(value))].length === 0) === true,
      );
      return empty && `the extension ${empty.name} has no elements`;
    },
  },
  {
    meta: {
      id: 'lint/critical-false-written',
      severity: 'error',
      title: 'An extension writes that it is not critical',
      why: 'That is the default, and DER leaves defaults out. Strict readers refuse the certificate.',
      remedy: 'Issue it again with software that writes DER.',
      standard: 'RFC 5280, 4.2; X.690, 11.5',
      source: 'RFC',
      since: '2008-05-01',
      zlint: ['e_cert_ext_invalid_der'],
    },
    check({ extensions }) {
      const found = extensions.find(({ critical, criticalWritten }) => criticalWritten && !critical);
      return (
        found &&
        `the extension ${found.name ?? found.oid} writes that it is not critical, which DER leaves out`
      );
    },
  },
  {
    meta: {
      id: 'lint/extension-without-value',
      severity: 'error',
      title: 'An extension has no value',
      why: 'An extension is DER in an octet string; an empty one says nothing.',
      remedy: 'Issue it again without it, or with its value.',
      standard: 'RFC 5280, 4.2',
      source: 'RFC',
      saidBy: 'credential/damaged',
      zlint: [],
    },
    check({ extensions }) {
      const found = extensions.find(({ value }) => content(value).length === 0);
      return found && `the extension ${found.name ?? found.oid} has no value`;
    },
  },
];
