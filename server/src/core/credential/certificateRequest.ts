/** Certification requests (PKCS#10, RFC 2986). */

import type { Hasher } from '../ports.ts';
import { visibleText } from '../text/visibleText.ts';
import { readSigned } from './certificate.ts';
import {
  type Der,
  elements,
  fieldsOf,
  objectIdentifier,
  readDer,
  sequence,
  smallInteger,
  stringOf,
  TAG,
} from './der.ts';
import { type NamePart, nameParts, nameText } from './distinguishedName.ts';
import { type ExtensionFacts, type RawExtension, readExtensions } from './extension.ts';
import { toHex } from './octets.ts';
import { OID } from './oid.ts';
import { attempt, type Decoded, type Problem } from './problem.ts';
import { type PublicKeyFacts, readSpki } from './spki.ts';

/** A password between requester and authority (RFC 2985, 5.4.1): that it is there may be told, not what it is. */
const CHALLENGE_PASSWORD = 'challengePassword';

/** An attribute of a request (RFC 2986, 4.1), beside the extensions that it asks for. */
export interface RequestAttribute {
  readonly oid: string;
  /** Null: not known here. */
  readonly name: string | null;
  /** Null where it has no string form, or is a secret. */
  readonly value: string | null;
}

export interface DecodedCertificateRequest {
  readonly version: number | undefined;
  readonly subject: string | undefined;
  readonly subjectParts: readonly NamePart[];
  readonly attributes: readonly RequestAttribute[];
  readonly publicKey: PublicKeyFacts | undefined;
  readonly spkiSha256: string | undefined;
  readonly signatureAlgorithm: string | undefined;
  /** The request proves possession of its key by signing itself. */
  readonly signed:
    | { readonly data: Uint8Array; readonly algorithm: Uint8Array; readonly signature: Uint8Array }
    | undefined;
  readonly extensions: readonly RawExtension[];
  readonly facts: ExtensionFacts;
}

export function decodeCertificateRequest(
  der: Uint8Array,
  hasher: Hasher,
): Decoded<DecodedCertificateRequest | undefined> {
  const problems: Problem[] = [];
  const value = attempt(problems, 'the request', () => {
    const outer = readDer(der);
    const info = sequence(sequence(outer, 'the request').any('the signed part'), 'the signed part');
    const versionNode = info.take(TAG.integer, 'the version');
    const subjectNode = info.any('the subject');
    const subject = attempt(problems, 'the subject', () => nameText(subjectNode, 'the subject'));
    const keyNode = info.any('the public key');
    const publicKey = attempt(problems, 'the public key', () => readSpki(keyNode));
    const attributes = info.more() ? info.any('the attributes') : undefined;
    let extensions: ReturnType<typeof readExtensions> = { raw: [], facts: {} };
    const others: RequestAttribute[] = [];
    attempt(problems, 'the attributes', () => {
      for (const attribute of attributes === undefined ? [] : elements(attributes)) {
        const fields = sequence(attribute, 'an attribute');
        const oid = objectIdentifier(fields.any('its type'), 'its type');
        if (oid !== OID.extensionRequest) {
          others.push(attributeOf(oid, fields.take(TAG.set, 'its values')));
          continue;
        }
        const list = fieldsOf(fields.take(TAG.set, 'the requested extensions')).any(
          'the requested extensions',
        );
        extensions = readExtensions(list, problems);
      }
    });
    const signed = attempt(problems, 'the signature', () => readSigned(outer));
    return {
      version: attempt(problems, 'the version', () => smallInteger(versionNode, 'the version') + 1),
      subject,
      subjectParts: attempt([], 'the subject', () => nameParts(subjectNode, 'the subject')) ?? [],
      attributes: others,
      publicKey,
      spkiSha256: publicKey && toHex(hasher.hash('sha256', publicKey.spki)),
      signatureAlgorithm: signed?.name,
      signed,
      extensions: extensions.raw,
      facts: extensions.facts,
    };
  });
  return { value, problems };
}

const ATTRIBUTES: ReadonlyMap<string, string> = new Map([
  ['1.2.840.113549.1.9.2', 'unstructuredName'],
  ['1.2.840.113549.1.9.7', CHALLENGE_PASSWORD],
  ['1.2.840.113549.1.9.8', 'unstructuredAddress'],
  ['1.3.6.1.4.1.311.2.1.14', 'microsoftExtensionRequest'],
  ['1.3.6.1.4.1.311.13.2.1', 'microsoftEnrolmentNameValuePair'],
  ['1.3.6.1.4.1.311.13.2.2', 'microsoftEnrolmentCsp'],
  ['1.3.6.1.4.1.311.13.2.3', 'microsoftOsVersion'],
  ['1.3.6.1.4.1.311.21.20', 'microsoftRequestClientInfo'],
]);

function attributeOf(oid: string, values: Der): RequestAttribute {
  const name = ATTRIBUTES.get(oid) ?? null;
  const first = [...elements(values)][0];
  const value = name === CHALLENGE_PASSWORD || first === undefined ? undefined : stringOf(first);
  return { oid, name, value: value === undefined ? null : visibleText(value) };
}
