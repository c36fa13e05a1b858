/** X.509 certificates (RFC 5280, 4.1), field by field: one that cannot be read leaves the others as they are. */
import type { Hasher } from '../ports.ts';
import {
  bitString,
  context,
  type Der,
  DerError,
  type Fields,
  fieldsOf,
  integerHex,
  objectIdentifier,
  readTruncated,
  sequence,
  smallInteger,
  TAG,
  whole,
} from './der.ts';
import { type NamePart, nameParts, nameText } from './distinguishedName.ts';
import { type ExtensionFacts, type RawExtension, readExtensions } from './extension.ts';
import { sameOctets, toHex } from './octets.ts';
import { SIGNATURE_ALGORITHMS } from './oid.ts';
import { attempt, type Decoded, type Problem } from './problem.ts';
import { type PublicKeyFacts, readSpki } from './spki.ts';
import { timeOf } from './time.ts';

/** A member is undefined when it could not be read; the problems say why. */
export interface DecodedCertificate {
  /** The DER without what may follow it in the input. */
  readonly der: Uint8Array;
  /** It ends before it should: the fingerprint is that of a piece. */
  readonly truncated: boolean;
  readonly version: number | undefined;
  /** Hex, lower case, no leading zero octet. */
  readonly serialNumber: string | undefined;
  /** RFC 4514; may be empty. */
  readonly issuer: string | undefined;
  readonly subject: string | undefined;
  readonly issuerParts: readonly NamePart[];
  readonly subjectParts: readonly NamePart[];
  readonly notBefore: string | undefined;
  readonly notAfter: string | undefined;
  readonly publicKey: PublicKeyFacts | undefined;
  readonly spkiSha256: string | undefined;
  readonly fingerprintSha256: string;
  readonly fingerprintSha1: string;
  /** Name, else dotted. */
  readonly signatureAlgorithm: string | undefined;
  /** For a verifier: what is signed, by which AlgorithmIdentifier, and the signature. Absent when cut off. */
  readonly signed:
    | { readonly data: Uint8Array; readonly algorithm: Uint8Array; readonly signature: Uint8Array }
    | undefined;
  readonly selfIssued: boolean;
  readonly extensions: readonly RawExtension[];
  readonly facts: ExtensionFacts;
}

/** The fields of a TBSCertificate, found without being looked into. */
interface TbsNodes {
  readonly version?: Der;
  readonly serialNumber?: Der;
  readonly issuer?: Der;
  readonly validity?: Der;
  readonly subject?: Der;
  readonly spki?: Der;
  readonly extensions?: Der;
}

/** `value` is undefined only when the octets do not even begin like a certificate. */
export function decodeCertificate(der: Uint8Array, hasher: Hasher): Decoded<DecodedCertificate | undefined> {
  const problems: Problem[] = [];
  const outer = attempt(problems, 'the certificate', () => openCertificate(der));
  if (outer === undefined) return { value: undefined, problems };
  const { certificate, tbs } = outer;
  if (certificate.truncated) {
    problems.push({
      what: 'the certificate',
      reason: 'it is cut off before its end',
      offset: certificate.end,
    });
  } else if (certificate.end < der.length) {
    const reason = `${der.length - certificate.end} octets follow its end`;
    problems.push({ what: 'the certificate', reason, offset: certificate.end });
  }
  const nodes = findFields(tbs, problems);
  const from = <T>(what: string, node: Der | undefined, read: (node: Der) => T): T | undefined =>
    node === undefined ? undefined : attempt(problems, what, () => read(node));
  const publicKey = from('the public key', nodes.spki, readSpki);
  const validity = from('the validity', nodes.validity, (node) => sequence(node, 'the validity'));
  const nextTime = (what: string): string | undefined =>
    validity === undefined ? undefined : attempt(problems, what, () => timeOf(validity.any(what), what));
  const list = from('the extensions', nodes.extensions, (node) =>
    fieldsOf(node).take(TAG.sequence, 'the extensions'),
  );
  const { raw, facts } = list === undefined ? { raw: [], facts: {} } : readExtensions(list, problems);
  const signature = certificate.truncated
    ? undefined
    : attempt(problems, 'the signature', () => readSigned(certificate));
  return {
    value: {
      der: whole(certificate),
      truncated: certificate.truncated,
      version: nodes.version === undefined ? 1 : from('the version', nodes.version, readVersion),
      serialNumber: from('the serial number', nodes.serialNumber, (node) =>
        integerHex(node, 'the serial number'),
      ),
      issuer: from('the issuer', nodes.issuer, (node) => nameText(node, 'the issuer')),
      notBefore: nextTime('the start date'),
      notAfter: nextTime('the end date'),
      subject: from('the subject', nodes.subject, (node) => nameText(node, 'the subject')),
      // What is wrong with a name was said once.
      issuerParts: namePartsOf(nodes.issuer),
      subjectParts: namePartsOf(nodes.subject),
      publicKey,
      spkiSha256: publicKey && toHex(hasher.hash('sha256', publicKey.spki)),
      fingerprintSha256: toHex(hasher.hash('sha256', whole(certificate))),
      fingerprintSha1: toHex(hasher.hash('sha1', whole(certificate))),
      signatureAlgorithm: signature?.name,
      signed: signature && {
        data: signature.data,
        algorithm: signature.algorithm,
        signature: signature.signature,
      },
      selfIssued: sameField(nodes.issuer, nodes.subject),
      extensions: raw,
      facts,
    },
    problems,
  };
}

function openCertificate(der: Uint8Array): { certificate: Der; tbs: Der } {
  const certificate = readTruncated(der);
  const tbs = fieldsOf(certificate, true).take(TAG.sequence, 'the signed part');
  if (certificate.tag !== TAG.sequence) throw new DerError('it does not begin as a certificate does', 0);
  return { certificate, tbs };
}

function findFields(tbs: Der, problems: Problem[]): TbsNodes {
  const nodes: { -readonly [K in keyof TbsNodes]: TbsNodes[K] } = {};
  attempt(problems, 'the certificate', () => {
    const fields: Fields = fieldsOf(tbs);
    const version = fields.optional(context(0));
    if (version !== undefined) nodes.version = version;
    nodes.serialNumber = fields.any('the serial number');
    fields.any('the signature algorithm');
    nodes.issuer = fields.any('the issuer');
    nodes.validity = fields.any('the validity');
    nodes.subject = fields.any('the subject');
    nodes.spki = fields.any('the public key');
    while (fields.more()) {
      const field = fields.any('an optional field');
      if (field.tag === context(3)) nodes.extensions = field;
    }
  });
  return nodes;
}

/** Parts of a certificate as they stand in it, DER: what stores of certificates are searched by. */
export function certificateParts(der: Uint8Array):
  | {
      readonly serialNumber: Uint8Array;
      readonly issuer: Uint8Array;
      readonly subject: Uint8Array;
      readonly spki: Uint8Array;
    }
  | undefined {
  return attempt([], 'the certificate', () => {
    const { certificate, tbs } = openCertificate(der);
    const { serialNumber, issuer, subject, spki } = findFields(tbs, []);
    if (certificate.truncated || !serialNumber || !issuer || !subject || !spki) return undefined;
    return {
      serialNumber: whole(serialNumber),
      issuer: whole(issuer),
      subject: whole(subject),
      spki: whole(spki),
    };
  });
}

function readVersion(node: Der): number {
  return smallInteger(fieldsOf(node).any('the version'), 'the version') + 1;
}

/** The frame that certificates, requests and CRLs share: signed data, AlgorithmIdentifier, signature. */
export function readSigned(outer: Der): {
  name: string;
  data: Uint8Array;
  algorithm: Uint8Array;
  signature: Uint8Array;
} {
  const fields = fieldsOf(outer);
  const data = whole(fields.any('the signed part'));
  const algorithm = fields.take(TAG.sequence, 'the signature algorithm');
  const oid = objectIdentifier(fieldsOf(algorithm).any('the signature algorithm'), 'the signature algorithm');
  const signature = bitString(fields.any('the signature'), 'the signature');
  return { name: SIGNATURE_ALGORITHMS.get(oid) ?? oid, data, algorithm: whole(algorithm), signature };
}

function namePartsOf(name: Der | undefined): readonly NamePart[] {
  return (name && attempt([], 'the name', () => nameParts(name, 'the name'))) ?? [];
}

function sameField(a: Der | undefined, b: Der | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  return sameOctets(whole(a), whole(b));
}
