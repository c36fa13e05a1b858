/**
 * A certificate as rules ask of it: parsed once, each part when it is first asked for. What cannot be read is undefined, and
 * `problems` says why; the parts beside it are still there.
 */
import {
  boolean,
  context,
  type Der,
  DerError,
  elements,
  fieldsOf,
  integerOctets,
  objectIdentifier,
  octetString,
  readInside,
  readTruncated,
  sequence,
  smallInteger,
  TAG,
} from '../credential/der.ts';
import { sameOctets, toHex } from '../credential/octets.ts';
import { EXTENSIONS } from '../credential/oid.ts';
import { attempt, type Problem } from '../credential/problem.ts';
import { type AlternativeName, readAlternativeNames, textsOf } from './view/alternativeName.ts';
import { type CertificateTime, readCertificateTime } from './view/certificateTime.ts';
import { type DistinguishedName, readDistinguishedName } from './view/distinguishedName.ts';
import * as values from './view/extensionValues.ts';
import { lazily } from './view/lazily.ts';
import { type AlgorithmIdentifier, type KeyView, readAlgorithm, readKey } from './view/publicKey.ts';

export interface ExtensionView {
  readonly oid: string;
  /** Undefined for one that is not known here. */
  readonly name: string | undefined;
  readonly critical: boolean;
  /** The flag is written, whatever it says. */
  readonly criticalWritten: boolean;
  /** The OCTET STRING. */
  readonly value: Der;
}

export interface CertificateView {
  readonly der: Uint8Array;
  /** The Certificate itself; undefined: it does not even begin like one. */
  readonly node: Der | undefined;
  /** Octets behind its end. */
  readonly trailing: number;
  readonly version: number | undefined;
  /** Content octets, with the sign. */
  readonly serial: Uint8Array | undefined;
  /** Of the signed part, and outside of it: they must say the same. */
  readonly declaredAlgorithm: AlgorithmIdentifier | undefined;
  readonly signatureAlgorithm: AlgorithmIdentifier | undefined;
  readonly signature: Der | undefined;
  readonly issuer: DistinguishedName | undefined;
  readonly subject: DistinguishedName | undefined;
  readonly notBefore: CertificateTime | undefined;
  readonly notAfter: CertificateTime | undefined;
  readonly key: KeyView | undefined;
  readonly hasIssuerUniqueId: boolean;
  readonly hasSubjectUniqueId: boolean;
  /** Undefined: it has no such field. */
  readonly extensions: readonly ExtensionView[];
  readonly hasExtensionsField: boolean;
  extension(name: string): ExtensionView | undefined;

  readonly basicConstraints: values.BasicConstraints | undefined;
  readonly keyUsage: values.KeyUsageBits | undefined;
  /** Dotted. */
  readonly extendedKeyUsage: readonly string[] | undefined;
  readonly subjectAltName: readonly AlternativeName[] | undefined;
  readonly issuerAltName: readonly AlternativeName[] | undefined;
  readonly policies: readonly values.Policy[] | undefined;
  readonly policyMappings: ReturnType<typeof values.readPolicyMappings> | undefined;
  readonly nameConstraints: values.NameConstraintsView | undefined;
  readonly authorityKeyId: values.AuthorityKeyId | undefined;
  readonly subjectKeyId: Uint8Array | undefined;
  readonly crlDistributionPoints: readonly values.DistributionPoint[] | undefined;
  readonly authorityInfoAccess: readonly values.AccessDescription[] | undefined;
  /** Names of the subject alternative name. */
  readonly dnsNames: readonly string[];

  readonly isAuthority: boolean;
  /** Issuer and subject are the same, and no key identifier says otherwise. */
  readonly isSelfSigned: boolean;
  /** Neither an authority nor self-signed. */
  readonly isSubscriber: boolean;
  /** All that cannot be read: this reads everything. */
  problems(): readonly Problem[];
}

/** The fields of the signed part, not looked into. */
interface Frame {
  node?: Der;
  version?: Der;
  serial?: Der;
  declared?: Der;
  issuer?: Der;
  validity?: Der;
  subject?: Der;
  spki?: Der;
  issuerUniqueId?: Der;
  subjectUniqueId?: Der;
  extensions?: Der;
  algorithm?: Der;
  signature?: Der;
}

export function viewCertificate(der: Uint8Array): CertificateView {
  const problems: Problem[] = [];
  const frame = readFrame(der, problems);
  const read = <T>(what: string, node: Der | undefined, get: (node: Der) => T) =>
    lazily(() => (node === undefined ? undefined : attempt(problems, what, () => get(node))));

  const version = read('the version', frame.version, (node) =>
    smallInteger(fieldsOf(node).any('the version'), 'the version'),
  );
  const serial = read('the serial number', frame.serial, (node) => integerOctets(node, 'the serial number'));
  const declared = read('the signature algorithm', frame.declared, readAlgorithm);
  const algorithm = read('the signature algorithm', frame.algorithm, readAlgorithm);
  const issuer = read('the issuer', frame.issuer, readDistinguishedName);
  const subject = read('the subject', frame.subject, readDistinguishedName);
  const key = read('the public key', frame.spki, readKey);
  const validity = read('the validity', frame.validity, (node) => {
    const fields = sequence(node, 'the validity');
    const start = readCertificateTime(fields.any('the start'), 'the start of its validity', problems);
    return { start, end: readCertificateTime(fields.any('the end'), 'the end of its validity', problems) };
  });
  const extensions = lazily(() => readExtensions(frame.extensions, problems));
  const byName = lazily(() => {
    const first = new Map<string, ExtensionView>();
    for (const each of extensions()) {
      const name = each.name ?? each.oid;
      if (!first.has(name)) first.set(name, each);
    }
    return first;
  });
  const insideOf = <T>(name: string, get: (node: Der) => T) =>
    lazily(() => {
      const found = byName().get(name);
      return (
        found &&
        attempt(problems, `the extension ${name}`, () =>
          get(values.onlyElement(readInside(found.value), found.value.contentEnd)),
        )
      );
    });

  const basicConstraints = insideOf('basicConstraints', values.readBasicConstraints);
  const keyUsage = insideOf('keyUsage', values.readKeyUsage);
  const extendedKeyUsage = insideOf('extKeyUsage', values.readObjectIdentifiers);
  const subjectAltName = insideOf('subjectAltName', readAlternativeNames);
  const issuerAltName = insideOf('issuerAltName', readAlternativeNames);
  const policies = insideOf('certificatePolicies', values.readPolicies);
  const policyMappings = insideOf('policyMappings', values.readPolicyMappings);
  const nameConstraints = insideOf('nameConstraints', values.readNameConstraints);
  const authorityKeyId = insideOf('authorityKeyIdentifier', values.readAuthorityKeyId);
  const subjectKeyId = insideOf('subjectKeyIdentifier', (node) => octetString(node, 'the key identifier'));
  const crlPoints = insideOf('cRLDistributionPoints', values.readDistributionPoints);
  const access = insideOf('authorityInfoAccess', values.readAccessDescriptions);
  const all = [
    [version, serial, declared, algorithm, issuer, subject, key, validity, extensions],
    [basicConstraints, keyUsage, extendedKeyUsage, subjectAltName, issuerAltName, policies, policyMappings],
    [nameConstraints, authorityKeyId, subjectKeyId, crlPoints, access],
  ].flat();

  const isSelfSigned = lazily(() => {
    const [from, to] = [issuer(), subject()];
    if (from === undefined || to === undefined || to.attributes.length === 0) return false;
    if (!sameOctets(octetsOf(from.node), octetsOf(to.node))) return false;
    const [authority, own] = [authorityKeyId()?.keyId, subjectKeyId()];
    return authority === undefined || own === undefined || sameOctets(authority, own);
  });
  const dnsNames = lazily(() => textsOf(subjectAltName(), 'dns'));

  return {
    der,
    node: frame.node,
    trailing: frame.node === undefined ? 0 : der.length - frame.node.end,
    get version() {
      // RFC 5280, 4.1: the default is version 1, which is written as 0.
      if (frame.version === undefined) return frame.serial === undefined ? undefined : 1;
      const number = version();
      return number === undefined ? undefined : number + 1;
    },
    get serial() {
      return serial();
    },
    get declaredAlgorithm() {
      return declared();
    },
    get signatureAlgorithm() {
      return algorithm();
    },
    signature: frame.signature,
    get issuer() {
      return issuer();
    },
    get subject() {
      return subject();
    },
    get notBefore() {
      return validity()?.start;
    },
    get notAfter() {
      return validity()?.end;
    },
    get key() {
      return key();
    },
    hasIssuerUniqueId: frame.issuerUniqueId !== undefined,
    hasSubjectUniqueId: frame.subjectUniqueId !== undefined,
    get extensions() {
      return extensions();
    },
    hasExtensionsField: frame.extensions !== undefined,
    extension: (name) => byName().get(name),
    get basicConstraints() {
      return basicConstraints();
    },
    get keyUsage() {
      return keyUsage();
    },
    get extendedKeyUsage() {
      return extendedKeyUsage();
    },
    get subjectAltName() {
      return subjectAltName();
    },
    get issuerAltName() {
      return issuerAltName();
    },
    get policies() {
      return policies();
    },
    get policyMappings() {
      return policyMappings();
    },
    get nameConstraints() {
      return nameConstraints();
    },
    get authorityKeyId() {
      return authorityKeyId();
    },
    get subjectKeyId() {
      return subjectKeyId();
    },
    get crlDistributionPoints() {
      return crlPoints();
    },
    get authorityInfoAccess() {
      return access();
    },
    get dnsNames() {
      return dnsNames();
    },
    get isAuthority() {
      return basicConstraints()?.isAuthority === true;
    },
    get isSelfSigned() {
      return isSelfSigned();
    },
    get isSubscriber() {
      return basicConstraints()?.isAuthority !== true && !isSelfSigned();
    },
    problems() {
      for (const part of all) part();
      return problems;
    },
  };
}

function octetsOf(node: Der): Uint8Array {
  return node.source.subarray(node.start, node.end);
}

function readFrame(der: Uint8Array, problems: Problem[]): Frame {
  const frame: Frame = {};
  attempt(problems, 'the certificate', () => {
    const outer = readTruncated(der);
    if (outer.tag !== TAG.sequence) throw new DerError('it does not begin as a certificate does', 0);
    frame.node = outer;
    if (outer.truncated)
      problems.push({ what: 'the certificate', reason: 'it is cut off', offset: outer.end });
    const fields = fieldsOf(outer, true);
    const tbs = fields.take(TAG.sequence, 'the signed part');
    attempt(problems, 'the signed part', () => readSignedPart(tbs, frame));
    if (outer.truncated) return;
    frame.algorithm = fields.any('the signature algorithm');
    frame.signature = fields.take(TAG.bitString, 'the signature');
    if (fields.more()) throw new DerError('something follows the signature', frame.signature.end);
  });
  return frame;
}

function readSignedPart(tbs: Der, frame: Frame): void {
  const fields = fieldsOf(tbs);
  const version = fields.optional(context(0));
  if (version !== undefined) frame.version = version;
  frame.serial = fields.any('the serial number');
  frame.declared = fields.any('the signature algorithm');
  frame.issuer = fields.any('the issuer');
  frame.validity = fields.any('the validity');
  frame.subject = fields.any('the subject');
  frame.spki = fields.any('the public key');
  while (fields.more()) {
    const field = fields.any('an optional field');
    if ((field.tag & 0xdf) === 0x81) frame.issuerUniqueId = field;
    else if ((field.tag & 0xdf) === 0x82) frame.subjectUniqueId = field;
    else if (field.tag === context(3)) frame.extensions = field;
    else throw new DerError(`a field has the tag 0x${toHex(Uint8Array.of(field.tag))}`, field.start);
  }
}

function readExtensions(field: Der | undefined, problems: Problem[]): readonly ExtensionView[] {
  const extensions: ExtensionView[] = [];
  if (field === undefined) return extensions;
  attempt(problems, 'the extensions', () => {
    for (const node of elements(fieldsOf(field).take(TAG.sequence, 'the extensions'))) {
      const extension = attempt(problems, 'an extension', () => readExtension(node));
      if (extension !== undefined) extensions.push(extension);
    }
  });
  return extensions;
}

function readExtension(node: Der): ExtensionView {
  const fields = sequence(node, 'an extension');
  const oid = objectIdentifier(fields.any('its type'), 'its type');
  const critical = fields.optional(TAG.boolean);
  return {
    oid,
    name: EXTENSIONS.get(oid),
    critical: critical !== undefined && boolean(critical, 'its critical flag'),
    criticalWritten: critical !== undefined,
    value: fields.take(TAG.octetString, 'its value'),
  };
}
