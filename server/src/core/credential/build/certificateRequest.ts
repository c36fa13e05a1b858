import type { Cancellation, Signer } from '../../ports.ts';
import type { SubjectNames } from '../subjectNames.ts';
import { algorithmIdentifierOf } from './algorithmIdentifier.ts';
import { derOf, element } from './der.ts';
import { subjectAlternativeName } from './extensions.ts';
import { generalNamesOf, subjectOf } from './names.ts';
import { ExtensionsAttribute } from './x509.ts';

const SEQUENCE = 0x30;
const BIT_STRING = 0x03;
/** `[0] IMPLICIT SET OF Attribute` (RFC 2986, 4.1). */
const ATTRIBUTES = 0xa0;
/** `INTEGER { v1(0) }`. */
const VERSION_1 = new Uint8Array([0x02, 0x01, 0x00]);
const NO_UNUSED_BITS = new Uint8Array([0]);

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
  // The classes would read the key, write all of it twice and read half of it back: put together here, it takes a quarter.
  const attributes =
    general.length === 0
      ? []
      : [
          new Uint8Array(
            new ExtensionsAttribute([subjectAlternativeName(general, subject.length === 0)]).rawData,
          ),
        ];
  const info = element(SEQUENCE, VERSION_1, derOf(subject), signer.spki, element(ATTRIBUTES, ...attributes));
  const signature = await signer.sign(info, signal);
  return element(
    SEQUENCE,
    info,
    derOf(algorithmIdentifierOf(signer.algorithm)),
    element(BIT_STRING, NO_UNUSED_BITS, signature),
  );
}
