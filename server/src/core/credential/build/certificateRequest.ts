import type { Cancellation, Signer } from '../../ports.ts';
import { encodeUtf8 } from '../charset.ts';
import type { SubjectNames } from '../subjectNames.ts';
import { algorithmIdentifierOf } from './algorithmIdentifier.ts';
import { derOf, element } from './der.ts';
import { parseIpAddress } from './ipAddress.ts';
import { generalNamesOf, type RequestedName, subjectOf } from './names.ts';

const SEQUENCE = 0x30;
const BIT_STRING = 0x03;
const SET = 0x31;
const OCTET_STRING = 0x04;
/** `[0] IMPLICIT SET OF Attribute` (RFC 2986, 4.1). */
const ATTRIBUTES = 0xa0;
/** `INTEGER { v1(0) }`. */
const VERSION_1 = new Uint8Array([0x02, 0x01, 0x00]);
const NO_UNUSED_BITS = new Uint8Array([0]);
/** extensionRequest (RFC 2985, 5.4.2): 1.2.840.113549.1.9.14. */
const EXTENSION_REQUEST = new Uint8Array([0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x0e]);
/** subjectAltName (RFC 5280, 4.2.1.6): 2.5.29.17. */
const SUBJECT_ALTERNATIVE_NAME = new Uint8Array([0x06, 0x03, 0x55, 0x1d, 0x11]);
const TRUE = new Uint8Array([0x01, 0x01, 0xff]);
/** The choices of GeneralName that we ask for, with their implicit tags. */
const GENERAL_NAMES = { email: 0x81, dns: 0x82, url: 0x86, ip: 0x87 } as const;

/**
 * DER PKCS#10 (RFC 2986) for a key that the signer holds, with the names as extension request.
 * Throws `UnbuildableNames` for names that `problemsOfNames` complains of, and what the signer throws.
 */
export async function buildCertificateRequest(
  request: { readonly names: SubjectNames; readonly signer: Signer },
  signal: Cancellation,
): Promise<Uint8Array> {
  const { names, signer } = request;
  const subject = subjectOf(names);
  const general = generalNamesOf(names);
  // The classes would read the key, write all of it twice and read half of it back: put together here, it takes a tenth.
  const attributes = general.length === 0 ? [] : [extensionRequest(general, subject.length === 0)];
  const info = element(SEQUENCE, VERSION_1, derOf(subject), signer.spki, element(ATTRIBUTES, ...attributes));
  const signature = await signer.sign(info, signal);
  return element(
    SEQUENCE,
    info,
    derOf(algorithmIdentifierOf(signer.algorithm)),
    element(BIT_STRING, NO_UNUSED_BITS, signature),
  );
}

/** The attribute that asks for the names; critical when the subject is empty, since then they alone name the bearer. */
function extensionRequest(names: readonly RequestedName[], critical: boolean): Uint8Array {
  const list = element(
    SEQUENCE,
    ...names.map(({ type, value }) => element(GENERAL_NAMES[type], octetsOf(type, value))),
  );
  const extension = element(
    SEQUENCE,
    SUBJECT_ALTERNATIVE_NAME,
    ...(critical ? [TRUE] : []),
    element(OCTET_STRING, list),
  );
  return element(SEQUENCE, EXTENSION_REQUEST, element(SET, element(SEQUENCE, extension)));
}

/** All but addresses are IA5String: ASCII, as `problemsOfNames` holds it. */
function octetsOf(type: RequestedName['type'], value: string): Uint8Array {
  return type === 'ip' ? (parseIpAddress(value) ?? new Uint8Array()) : encodeUtf8(value);
}
