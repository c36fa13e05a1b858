/** A certificate as path validation needs it: what RFC 5280, 6.1 looks at, and what about it could not be read. */
import {
  bitString,
  boolean,
  content,
  context,
  type Der,
  DerError,
  elements,
  fieldsOf,
  integerOctets,
  objectIdentifier,
  octetString,
  readDer,
  sequence,
  smallInteger,
  TAG,
  whole,
} from '../credential/der.ts';
import { nameText } from '../credential/distinguishedName.ts';
import { sameOctets, toHex } from '../credential/octets.ts';
import { attempt, type Problem } from '../credential/problem.ts';
import { type PublicKeyFacts, publicKeyFacts } from '../credential/spki.ts';
import { timeOf } from '../credential/time.ts';
import { type NameKey, nameKey, sameName } from './nameKey.ts';
import { type AnyName, anyNames, type NameConstraintSet, nameConstraintSet } from './pathNames.ts';

export const ANY_POLICY = '2.5.29.32.0';

export interface PolicyMapping {
  readonly issuer: string;
  readonly subject: string;
}

export interface PathExtension {
  readonly oid: string;
  readonly critical: boolean;
  /** The DER inside. */
  readonly value: Uint8Array;
}

export interface PathCertificate {
  readonly der: Uint8Array;
  readonly version: number;
  readonly serial: Uint8Array;
  /** RFC 4514, for messages. */
  readonly subjectText: string;
  readonly issuerText: string;
  readonly subject: NameKey;
  readonly issuer: NameKey;
  /** DER Names. */
  readonly subjectDer: Uint8Array;
  readonly issuerDer: Uint8Array;
  readonly selfIssued: boolean;
  /** ISO 8601. */
  readonly notBefore: string;
  readonly notAfter: string;
  readonly spki: Uint8Array;
  readonly publicKey: PublicKeyFacts | undefined;
  readonly signed: {
    readonly data: Uint8Array;
    readonly algorithm: Uint8Array;
    readonly signature: Uint8Array;
    /** The AlgorithmIdentifier in the signed part, which must say the same. */
    readonly declared: Uint8Array;
  };
  readonly extensions: readonly PathExtension[];
  readonly isAuthority: boolean | undefined;
  readonly pathLength: number | undefined;
  /** Bits of KeyUsage by their number; undefined: there is no such extension. */
  readonly keyUsage: ReadonlySet<number> | undefined;
  readonly extendedKeyUsage: readonly string[] | undefined;
  readonly alternativeNames: readonly AnyName[] | undefined;
  readonly nameConstraints: NameConstraintSet | undefined;
  readonly policies: readonly string[] | undefined;
  readonly policyMappings: readonly PolicyMapping[] | undefined;
  readonly requireExplicitPolicy: number | undefined;
  readonly inhibitPolicyMapping: number | undefined;
  readonly inhibitAnyPolicy: number | undefined;
  readonly subjectKeyId: string | undefined;
  readonly authorityKeyId: string | undefined;
  /** Extensions that cannot be read, and what else is not as X.690 wants it. */
  readonly problems: readonly Problem[];
}

export const OID = {
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  issuerAltName: '2.5.29.18',
  basicConstraints: '2.5.29.19',
  cRLNumber: '2.5.29.20',
  deltaCRLIndicator: '2.5.29.27',
  issuingDistributionPoint: '2.5.29.28',
  certificateIssuer: '2.5.29.29',
  nameConstraints: '2.5.29.30',
  cRLDistributionPoints: '2.5.29.31',
  certificatePolicies: '2.5.29.32',
  policyMappings: '2.5.29.33',
  authorityKeyIdentifier: '2.5.29.35',
  policyConstraints: '2.5.29.36',
  extKeyUsage: '2.5.29.37',
  freshestCRL: '2.5.29.46',
  inhibitAnyPolicy: '2.5.29.54',
  authorityInfoAccess: '1.3.6.1.5.5.7.1.1',
  subjectInfoAccess: '1.3.6.1.5.5.7.1.11',
} as const;

/** RFC 5280, 4.2.1.3. */
export const KEY_USAGE = { digitalSignature: 0, keyCertSign: 5, cRLSign: 6 } as const;

/** Undefined: not even the signed part can be walked; `problems` says where it ends. */
export function readPathCertificate(der: Uint8Array): {
  readonly value: PathCertificate | undefined;
  readonly problems: readonly Problem[];
} {
  const problems: Problem[] = [];
  const value = attempt(problems, 'the certificate', () => read(der, problems));
  return { value, problems };
}

function read(der: Uint8Array, problems: Problem[]): PathCertificate {
  const outer = readDer(der);
  if (outer.end !== der.length)
    throw new DerError(`${der.length - outer.end} octets follow the certificate`, outer.end);
  const frame = sequence(outer, 'the certificate');
  const tbs = frame.take(TAG.sequence, 'the signed part');
  const algorithm = frame.take(TAG.sequence, 'the signature algorithm');
  const signature = bitString(frame.any('the signature'), 'the signature');
  const fields = fieldsOf(tbs);
  const versionField = fields.optional(context(0));
  const version =
    versionField === undefined
      ? 1
      : smallInteger(fieldsOf(versionField).any('the version'), 'the version') + 1;
  const serial = integerOctets(fields.any('the serial number'), 'the serial number');
  const declared = fields.take(TAG.sequence, 'the signature algorithm');
  const issuerNode = fields.any('the issuer');
  const validity = sequence(fields.any('the validity'), 'the validity');
  const notBefore = timeOf(validity.any('the start'), 'the start');
  const notAfter = timeOf(validity.any('the end'), 'the end');
  const subjectNode = fields.any('the subject');
  const spki = whole(fields.take(TAG.sequence, 'the public key'));
  const issuer = nameKey(issuerNode);
  const subject = nameKey(subjectNode);
  const extensions = extensionsOf(fields, problems);
  return {
    der,
    version,
    serial,
    subjectText: nameText(subjectNode, 'the subject'),
    issuerText: nameText(issuerNode, 'the issuer'),
    subject,
    issuer,
    subjectDer: whole(subjectNode),
    issuerDer: whole(issuerNode),
    selfIssued: sameName(subject, issuer),
    notBefore,
    notAfter,
    spki,
    publicKey: publicKeyFacts(spki),
    signed: { data: whole(tbs), algorithm: whole(algorithm), signature, declared: whole(declared) },
    extensions,
    ...factsOf(extensions, problems),
    problems,
  };
}

function extensionsOf(fields: ReturnType<typeof fieldsOf>, problems: Problem[]): readonly PathExtension[] {
  const extensions: PathExtension[] = [];
  while (fields.more()) {
    const field = fields.any('an optional field');
    if (field.tag !== context(3)) continue;
    const list = fieldsOf(field).take(TAG.sequence, 'the extensions');
    for (const node of elements(list)) {
      const extension = attempt(problems, 'an extension', () => readExtension(node));
      if (extension !== undefined) extensions.push(extension);
    }
  }
  return extensions;
}

export function readExtension(node: Der): PathExtension {
  const fields = sequence(node, 'an extension');
  const oid = objectIdentifier(fields.any('its type'), 'its type');
  const critical = fields.optional(TAG.boolean);
  return {
    oid,
    critical: critical !== undefined && boolean(critical, 'its critical flag'),
    value: octetString(fields.any('its value'), 'its value'),
  };
}

type Facts = Pick<
  PathCertificate,
  | 'isAuthority'
  | 'pathLength'
  | 'keyUsage'
  | 'extendedKeyUsage'
  | 'alternativeNames'
  | 'nameConstraints'
  | 'policies'
  | 'policyMappings'
  | 'requireExplicitPolicy'
  | 'inhibitPolicyMapping'
  | 'inhibitAnyPolicy'
  | 'subjectKeyId'
  | 'authorityKeyId'
>;

function factsOf(extensions: readonly PathExtension[], problems: Problem[]): Facts {
  const from = <T>(oid: string, what: string, get: (node: Der) => T): T | undefined => {
    const found = extensions.find((each) => each.oid === oid);
    return (
      found &&
      attempt(problems, what, () => {
        const node = readDer(found.value);
        if (node.end !== found.value.length) throw new DerError('octets follow its value', node.end);
        return get(node);
      })
    );
  };
  const constraints = from(OID.basicConstraints, 'the basic constraints', (node) => {
    const fields = sequence(node, 'the basic constraints');
    const authority = fields.optional(TAG.boolean);
    const length = fields.optional(TAG.integer);
    return {
      isAuthority: authority !== undefined && boolean(authority, 'the CA flag'),
      pathLength: length && smallInteger(length, 'the path length'),
    };
  });
  const policyConstraints = from(OID.policyConstraints, 'the policy constraints', (node) => {
    const fields = sequence(node, 'the policy constraints');
    const number = (tag: number): number | undefined => {
      const field = fields.optional(context(tag, 'primitive'));
      return field && smallInteger({ ...field, tag: TAG.integer }, 'a policy constraint');
    };
    return { requireExplicitPolicy: number(0), inhibitPolicyMapping: number(1) };
  });
  return {
    isAuthority: constraints?.isAuthority,
    pathLength: constraints?.pathLength,
    keyUsage: from(OID.keyUsage, 'the key usage', keyUsageBits),
    extendedKeyUsage: from(OID.extKeyUsage, 'the extended key usage', (node) =>
      Array.from(elements(node), (each) => objectIdentifier(each, 'a usage')),
    ),
    alternativeNames: from(OID.subjectAltName, 'the alternative names', anyNames),
    nameConstraints: from(OID.nameConstraints, 'the name constraints', nameConstraintSet),
    policies: from(OID.certificatePolicies, 'the policies', (node) =>
      Array.from(elements(node), (each) =>
        objectIdentifier(sequence(each, 'a policy').any('it'), 'a policy'),
      ),
    ),
    policyMappings: from(OID.policyMappings, 'the policy mappings', (node) =>
      Array.from(elements(node), (each) => {
        const fields = sequence(each, 'a mapping');
        return {
          issuer: objectIdentifier(fields.any('a policy'), 'a policy'),
          subject: objectIdentifier(fields.any('a policy'), 'a policy'),
        };
      }),
    ),
    requireExplicitPolicy: policyConstraints?.requireExplicitPolicy,
    inhibitPolicyMapping: policyConstraints?.inhibitPolicyMapping,
    inhibitAnyPolicy: from(OID.inhibitAnyPolicy, 'the limit of any policy', (node) =>
      smallInteger(node, 'the limit'),
    ),
    subjectKeyId: from(OID.subjectKeyIdentifier, 'the key identifier', (node) =>
      toHex(octetString(node, 'the key identifier')),
    ),
    authorityKeyId: from(OID.authorityKeyIdentifier, "the authority's key identifier", (node) => {
      const id = sequence(node, 'the identifier').optional(context(0, 'primitive'));
      return id && toHex(content(id));
    }),
  };
}

function keyUsageBits(node: Der): ReadonlySet<number> {
  const octets = content(node).subarray(1);
  const bits = new Set<number>();
  for (let bit = 0; bit < octets.length * 8; bit += 1)
    if (((octets[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0) bits.add(bit);
  return bits;
}

export function extensionOf({ extensions }: PathCertificate, oid: string): PathExtension | undefined {
  return extensions.find((each) => each.oid === oid);
}

/** The same octets. */
export function sameCertificate(a: PathCertificate, b: PathCertificate): boolean {
  return sameOctets(a.der, b.der);
}
