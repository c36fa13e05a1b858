import { Attributes, CertificationRequest, CertificationRequestInfo } from '@peculiar/asn1-csr';
import { AsnConvert } from '@peculiar/asn1-schema';
import { Attribute, SubjectPublicKeyInfo } from '@peculiar/asn1-x509';
import type { Cancellation, Signer } from '../../ports.ts';
import type { SubjectNames } from '../subjectNames.ts';
import { algorithmIdentifierOf } from './algorithmIdentifier.ts';
import { bufferOf, derOf } from './der.ts';
import { subjectAlternativeName } from './extensions.ts';
import { generalNamesOf, subjectOf } from './names.ts';
import { ExtensionsAttribute } from './x509.ts';

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
  const attributes = new Attributes();
  if (general.length > 0) {
    const names = new ExtensionsAttribute([subjectAlternativeName(general, subject.length === 0)]);
    attributes.push(AsnConvert.parse(names.rawData, Attribute));
  }
  const info = new CertificationRequestInfo({
    subject,
    subjectPKInfo: AsnConvert.parse(signer.spki, SubjectPublicKeyInfo),
    attributes,
  });
  const signature = await signer.sign(derOf(info), signal);
  return derOf(
    new CertificationRequest({
      certificationRequestInfo: info,
      signatureAlgorithm: algorithmIdentifierOf(signer.algorithm),
      signature: bufferOf(signature),
    }),
  );
}
