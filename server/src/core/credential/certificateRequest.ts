/** Certification requests (PKCS#10, RFC 2986). */

import type { Hasher } from '../ports.ts';
import { readSigned } from './certificate.ts';
import { elements, fieldsOf, objectIdentifier, readDer, sequence, TAG } from './der.ts';
import { nameText } from './distinguishedName.ts';
import { type ExtensionFacts, type RawExtension, readExtensions } from './extension.ts';
import { toHex } from './octets.ts';
import { OID } from './oid.ts';
import { attempt, type Decoded, type Problem } from './problem.ts';
import { type PublicKeyFacts, readSpki } from './spki.ts';

export interface DecodedCertificateRequest {
  readonly subject: string | undefined;
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
    info.take(TAG.integer, 'the version');
    const subjectNode = info.any('the subject');
    const subject = attempt(problems, 'the subject', () => nameText(subjectNode, 'the subject'));
    const keyNode = info.any('the public key');
    const publicKey = attempt(problems, 'the public key', () => readSpki(keyNode));
    const attributes = info.more() ? info.any('the attributes') : undefined;
    let extensions: ReturnType<typeof readExtensions> = { raw: [], facts: {} };
    attempt(problems, 'the attributes', () => {
      for (const attribute of attributes === undefined ? [] : elements(attributes)) {
        const fields = sequence(attribute, 'an attribute');
        if (objectIdentifier(fields.any('its type'), 'its type') !== OID.extensionRequest) continue;
        const list = fieldsOf(fields.take(TAG.set, 'the requested extensions')).any(
          'the requested extensions',
        );
        extensions = readExtensions(list, problems);
      }
    });
    const signed = attempt(problems, 'the signature', () => readSigned(outer));
    return {
      subject,
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
