/** What RFC 5280 wants of those who issue (its sections 4.1 and 4.2), and what browsers want besides. */
import { context, elements, fieldsOf, readDer, sequence } from '../credential/der.ts';
import { attempt } from '../credential/problem.ts';
import { type CertificateView, viewCertificate } from '../lint/certificateView.ts';
import type { LintRule } from '../lint/lintRule.ts';
import { rules as authority } from '../lint/rules/authority/authority.ts';
import { rules as criticality } from '../lint/rules/extensions/criticality.ts';
import { rules as extensionList } from '../lint/rules/extensions/extensionList.ts';
import { rules as keyUsage } from '../lint/rules/extensions/keyUsage.ts';
import { rules as nameConstraints } from '../lint/rules/extensions/nameConstraints.ts';
import { rules as serial } from '../lint/rules/serial/serial.ts';
import { rules as subject } from '../lint/rules/subject/subject.ts';
import { isHostName } from './nameSyntax.ts';
import { extensionOf, OID, type PathCertificate } from './pathCertificate.ts';
import type { PathReason } from './reason.ts';
import type { PathInputs } from './validatePath.ts';

interface Place {
  readonly isLeaf: boolean;
  readonly isAnchor: boolean;
}

interface Check {
  readonly profiles: readonly PathInputs['profile'][];
  /** Undefined: it conforms. */
  check(certificate: PathCertificate, place: Place, inputs: PathInputs): string | undefined | false;
}

const RFC = ['rfc5280', 'webpki'] as const;
const WEB = ['webpki'] as const;
const STRICT = ['rfc5280'] as const;

export function conformityProblem(
  certificate: PathCertificate,
  isLeaf: boolean,
  isAnchor: boolean,
  inputs: PathInputs,
  at: number,
): PathReason | undefined {
  const place = { isLeaf, isAnchor };
  const view = viewCertificate(certificate.der);
  for (const { profiles, whose, rules } of LINTED) {
    if (!profiles.includes(inputs.profile) || (whose !== undefined && !whose(place))) continue;
    const message = firstProblem(view, rules);
    if (message !== undefined) return { problem: 'not-conforming', message, at };
  }
  for (const { profiles, check } of CHECKS) {
    if (!profiles.includes(inputs.profile)) continue;
    const message = check(certificate, place, inputs);
    if (typeof message === 'string') return { problem: 'not-conforming', message, at };
  }
  return undefined;
}

const SHORTEST_RSA = 2048;
const CURVES: ReadonlySet<string> = new Set(['ECDSA-P256', 'ECDSA-P384', 'ECDSA-P521']);
const SERVER = '1.3.6.1.5.5.7.3.1';
const ANY_USAGE = '2.5.29.37.0';

const isCritical = (certificate: PathCertificate, oid: string): boolean | undefined =>
  extensionOf(certificate, oid)?.critical;

/** What lint finds too, here whatever the day on which the certificate began. */
interface Linted {
  readonly profiles: readonly PathInputs['profile'][];
  /** Of which certificates of a path; all. */
  readonly whose?: (place: Place) => boolean;
  readonly rules: readonly LintRule[];
}

const isIssuer = ({ isLeaf }: Place): boolean => !isLeaf;

const LINTED: readonly Linted[] = [
  {
    profiles: RFC,
    rules: [
      ...named(extensionList, 'lint/extensions-need-version-3', 'lint/empty-extension'),
      ...named(serial, 'lint/serial-too-long', 'lint/serial-not-positive'),
      ...named(subject, 'lint/issuer-empty', 'lint/alternative-names-not-critical'),
      ...named(
        criticality,
        'lint/authority-key-id-critical',
        'lint/subject-key-id-critical',
        'lint/authority-info-access-critical',
      ),
      ...named(keyUsage, 'lint/cert-sign-without-authority'),
      ...named(nameConstraints, 'lint/name-constraints-empty', 'lint/name-constraint-malformed'),
    ],
  },
  {
    profiles: RFC,
    whose: isIssuer,
    rules: [
      ...named(subject, 'lint/authority-subject-empty'),
      ...named(authority, 'lint/authority-without-subject-key-id'),
      ...named(criticality, 'lint/basic-constraints-not-critical'),
    ],
  },
  {
    profiles: RFC,
    whose: ({ isLeaf }) => isLeaf,
    rules: named(nameConstraints, 'lint/name-constraints-without-authority'),
  },
  {
    profiles: STRICT,
    rules: named(criticality, 'lint/name-constraints-not-critical', 'lint/policy-constraints-not-critical'),
  },
];

function named(rules: readonly LintRule[], ...ids: readonly LintRule['meta']['id'][]): readonly LintRule[] {
  return ids.map((id) => {
    const rule = rules.find(({ meta }) => meta.id === id);
    // A name that is misspelt must not pass for a rule that finds nothing.
    if (rule === undefined) throw new TypeError(`no rule ${id}`);
    return rule;
  });
}

function firstProblem(view: CertificateView, rules: readonly LintRule[]): string | undefined {
  for (const { meta, applies, check } of rules) {
    if (applies !== undefined && !applies(view)) continue;
    const message = check(view);
    if (typeof message === 'string') return `${message} (${meta.standard})`;
  }
  return undefined;
}

const CHECKS: readonly Check[] = [
  {
    profiles: RFC,
    check: ({ version }) => version !== 3 && 'it is not of version 3, so that nothing says what it is for',
  },
  {
    profiles: RFC,
    check: ({ authorityKeyId, selfIssued }, { isAnchor }) =>
      authorityKeyId === undefined &&
      !(isAnchor && selfIssued) &&
      "it has no authority's key identifier (RFC 5280, 4.2.1.1)",
  },
  {
    profiles: RFC,
    check: ({ alternativeNames = [] }, { isLeaf }) =>
      isLeaf &&
      alternativeNames.some(
        (each) =>
          (each.kind === 'dns' &&
            (!isHostName(each.text.replace(/^\*\./, '')) || /^[\d.]+$/.test(each.text))) ||
          (each.kind === 'ip' && each.octets.length !== 4 && each.octets.length !== 16),
      ) &&
      'one of its alternative names is malformed (RFC 5280, 4.2.1.6)',
  },
  {
    profiles: RFC,
    check(certificate) {
      const access = extensionOf(certificate, OID.authorityInfoAccess);
      const read =
        access &&
        attempt([], 'the access', () =>
          Array.from(elements(readDer(access.value)), (node) => {
            const fields = sequence(node, 'an access description');
            return [fields.any('its method'), fields.any('its place')].length;
          }),
        );
      return access !== undefined && (read === undefined || read.length === 0)
        ? "its access to the authority's information cannot be read (RFC 5280, 4.2.2.1)"
        : undefined;
    },
  },
  {
    profiles: RFC,
    check: ({ publicKey }) => {
      const algorithm = publicKey?.algorithm ?? 'unknown';
      const bits = /^RSA-(\d+)$/.exec(algorithm)?.[1];
      if (bits !== undefined)
        return (
          (Number(bits) < SHORTEST_RSA && `its key of ${bits} bits is too short`) ||
          (Number(bits) % 8 !== 0 && `the modulus of its key has ${bits} bits, which is no number of octets`)
        );
      if (/^(?:ECDSA|DSA)/.test(algorithm) && !CURVES.has(algorithm))
        return `its key (${algorithm}) is of no accepted kind`;
      return publicKey === undefined && 'its key cannot be read';
    },
  },
  {
    profiles: WEB,
    check(certificate, { isAnchor }) {
      const id = extensionOf(certificate, OID.authorityKeyIdentifier);
      if (id === undefined || !isAnchor) return undefined;
      const more = attempt([], 'the identifier', () => {
        const fields = fieldsOf(readDer(id.value));
        fields.optional(context(0, 'primitive'));
        return fields.more();
      });
      return (
        (more !== false &&
          "its authority's key identifier names an issuer (CA/Browser Forum TLS BR, 7.1.2.1.3)") ||
        (certificate.authorityKeyId === undefined &&
          "its authority's key identifier has no key identifier") ||
        (certificate.authorityKeyId !== certificate.subjectKeyId &&
          'its key identifiers differ, and it issued itself')
      );
    },
  },
  {
    profiles: WEB,
    check: (certificate, { isLeaf, isAnchor }, { usage }) => {
      const { extendedKeyUsage } = certificate;
      if (isAnchor && extendedKeyUsage !== undefined)
        return 'it is a root with an extended key usage (CA/Browser Forum TLS BR, 7.1.2.1.2)';
      if (!isLeaf || usage !== SERVER) return undefined;
      return (
        (extendedKeyUsage === undefined &&
          'it has no extended key usage (CA/Browser Forum TLS BR, 7.1.2.7.6)') ||
        (extendedKeyUsage?.includes(ANY_USAGE) === true &&
          'it is for any usage (CA/Browser Forum TLS BR, 7.1.2.7.10)') ||
        (isCritical(certificate, OID.extKeyUsage) === true &&
          'its extended key usage is critical (CA/Browser Forum TLS BR, 7.1.2.7.6)')
      );
    },
  },
  {
    profiles: WEB,
    check: (certificate, { isLeaf }) =>
      isLeaf &&
      ((certificate.isAuthority === true && 'it is an authority (CA/Browser Forum TLS BR, 7.1.2.7.8)') ||
        (certificate.subject.length > 0 &&
          isCritical(certificate, OID.subjectAltName) === true &&
          'its alternative names are critical, and its subject is not empty (CA/Browser Forum TLS BR, 7.1.2.7.12)')),
  },
  {
    profiles: WEB,
    check: ({ subject, alternativeNames = [] }, { isLeaf }) => {
      if (!isLeaf) return undefined;
      const names = new Set(
        alternativeNames.flatMap((each) =>
          each.kind === 'dns' ? [each.text.toLowerCase()] : each.kind === 'ip' ? [ipText(each.octets)] : [],
        ),
      );
      const common = subject.flatMap((rdn) => rdn.split('+')).filter((each) => each.startsWith('2.5.4.3='));
      return (
        common.some((each) => !names.has(each.slice('2.5.4.3='.length))) &&
        'its common name is none of its alternative names (CA/Browser Forum TLS BR, 7.1.4.3)'
      );
    },
  },
];

function ipText(octets: Uint8Array): string {
  return octets.length === 4 ? octets.join('.') : '';
}
