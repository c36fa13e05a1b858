/** What RFC 5280 wants of those who issue (its sections 4.1 and 4.2), and what browsers want besides. */
import { context, elements, fieldsOf, readDer, sequence } from '../credential/der.ts';
import { attempt } from '../credential/problem.ts';
import { isHostName, isMailbox } from './nameSyntax.ts';
import { extensionOf, KEY_USAGE, OID, type PathCertificate } from './pathCertificate.ts';
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
  for (const { profiles, check } of CHECKS) {
    if (!profiles.includes(inputs.profile)) continue;
    const message = check(certificate, { isLeaf, isAnchor }, inputs);
    if (typeof message === 'string') return { problem: 'not-conforming', message, at };
  }
  return undefined;
}

const SHORTEST_RSA = 2048;
const LONGEST_SERIAL = 20;
const CURVES: ReadonlySet<string> = new Set(['ECDSA-P256', 'ECDSA-P384', 'ECDSA-P521']);
const SERVER = '1.3.6.1.5.5.7.3.1';
const ANY_USAGE = '2.5.29.37.0';

const isCritical = (certificate: PathCertificate, oid: string): boolean | undefined =>
  extensionOf(certificate, oid)?.critical;

const CHECKS: readonly Check[] = [
  {
    profiles: RFC,
    check: ({ version, extensions }) =>
      (version !== 3 &&
        extensions.length > 0 &&
        'it has extensions, and is not of version 3 (RFC 5280, 4.1.2.1)') ||
      (version !== 3 && 'it is not of version 3, so that nothing says what it is for'),
  },
  {
    profiles: RFC,
    check: ({ serial }) =>
      (serial.length > LONGEST_SERIAL && 'its serial number has more than 20 octets (RFC 5280, 4.1.2.2)') ||
      (((serial[0] ?? 0) & 0x80) !== 0 && 'its serial number is negative (RFC 5280, 4.1.2.2)') ||
      (serial.every((octet) => octet === 0) && 'its serial number is zero (RFC 5280, 4.1.2.2)'),
  },
  {
    profiles: RFC,
    check: ({ issuer, subject }, { isLeaf }) =>
      (issuer.length === 0 && 'it has an empty issuer (RFC 5280, 4.1.2.4)') ||
      (!isLeaf && subject.length === 0 && 'it is an authority with an empty subject (RFC 5280, 4.1.2.6)'),
  },
  {
    profiles: RFC,
    check: (certificate, { isAnchor }) =>
      (isCritical(certificate, OID.authorityKeyIdentifier) === true &&
        "its authority's key identifier is critical (RFC 5280, 4.2.1.1)") ||
      (isCritical(certificate, OID.subjectKeyIdentifier) === true &&
        'its key identifier is critical (RFC 5280, 4.2.1.2)') ||
      (isCritical(certificate, OID.authorityInfoAccess) === true &&
        "its access to the authority's information is critical (RFC 5280, 4.2.2.1)") ||
      (certificate.authorityKeyId === undefined &&
        !(isAnchor && certificate.selfIssued) &&
        "it has no authority's key identifier (RFC 5280, 4.2.1.1)"),
  },
  {
    profiles: RFC,
    check: (certificate, { isLeaf }) =>
      (!isLeaf &&
        certificate.subjectKeyId === undefined &&
        'it is an authority without a key identifier (RFC 5280, 4.2.1.2)') ||
      (!isLeaf &&
        isCritical(certificate, OID.basicConstraints) === false &&
        'it is an authority whose basic constraints are not critical (RFC 5280, 4.2.1.9)'),
  },
  {
    profiles: RFC,
    check: ({ keyUsage, isAuthority }) =>
      keyUsage?.has(KEY_USAGE.keyCertSign) === true &&
      isAuthority !== true &&
      'it may sign certificates and is no authority (RFC 5280, 4.2.1.9)',
  },
  {
    profiles: RFC,
    check: (certificate, { isLeaf }) =>
      isLeaf &&
      certificate.nameConstraints !== undefined &&
      certificate.isAuthority !== true &&
      'it constrains names and is no authority (RFC 5280, 4.2.1.10)',
  },
  {
    profiles: RFC,
    check: ({ nameConstraints }) =>
      nameConstraints?.isEmpty === true && 'its name constraints are empty (RFC 5280, 4.2.1.10)',
  },
  {
    profiles: RFC,
    check: ({ nameConstraints }) =>
      nameConstraints !== undefined &&
      [...nameConstraints.permitted, ...nameConstraints.excluded].some((each) => {
        switch (each.kind) {
          case 'dns':
            return each.text !== '' && !isHostName(each.text);
          case 'email':
            return !isHostName(each.text.replace(/^\./, '')) && !isMailbox(each.text);
          case 'ip':
            return each.octets.length !== 8 && each.octets.length !== 32;
          case 'uri':
          case 'directory':
          case 'other':
            return false;
          default:
            return each satisfies never;
        }
      }) &&
      'a name that it constrains to is malformed (RFC 5280, 4.2.1.10)',
  },
  {
    profiles: STRICT,
    check: (certificate) =>
      (isCritical(certificate, OID.nameConstraints) === false &&
        'its name constraints are not critical (RFC 5280, 4.2.1.10)') ||
      (isCritical(certificate, OID.policyConstraints) === false &&
        'its policy constraints are not critical (RFC 5280, 4.2.1.11)'),
  },
  {
    profiles: RFC,
    check: (certificate) =>
      certificate.subject.length === 0 &&
      isCritical(certificate, OID.subjectAltName) === false &&
      'its subject is empty, and its alternative names are not critical (RFC 5280, 4.2.1.6)',
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
    check: ({ extendedKeyUsage }) =>
      extendedKeyUsage?.length === 0 && 'its extended key usage is empty (RFC 5280, 4.2.1.12)',
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
