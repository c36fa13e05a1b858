import { decodeCertificate } from '../../../core/credential/certificate.ts';
import { decodePem } from '../../../core/credential/pem.ts';
import { readSshKeyLines } from '../../../core/credential/ssh/keyLines.ts';
import { verifySshCertificate } from '../../../core/credential/ssh/verifyCertificate.ts';
import type { VerifyCheck } from '../../api.ts';
import type { Services } from '../services.ts';

/** What the public part of a credential proves by itself: that its issuer signed it. Undefined where nothing is signed. */
export function checkPublic(
  kind: string,
  publicText: string,
  anchorText: string | null,
  services: Services,
): VerifyCheck | undefined {
  switch (kind) {
    case 'Certificate':
      return checkChain(publicText, anchorText, services);
    case 'SshCertificate':
      return checkSshSignature(publicText, services);
    default:
      return undefined;
  }
}

function checkSshSignature(publicText: string, { verifier, hasher }: Services): VerifyCheck {
  const what = 'signature';
  const [line] = readSshKeyLines(publicText, true);
  const outcome = line === undefined ? 'bad' : verifySshCertificate(line.blob, verifier, hasher);
  switch (outcome) {
    case 'good':
      return { what, outcome: 'ok', detail: 'made by the key of the authority that it names' };
    case 'cannot-verify-here':
      return { what, outcome: 'unknown', detail: 'its algorithm cannot be checked here' };
    case 'bad':
      return { what, outcome: 'failed', detail: 'not made by the key of the authority that it names' };
    default:
      return outcome satisfies never;
  }
}

/** Each certificate of a chain is signed by the next one and, at the end, by the root where it is known. */
function checkChain(publicText: string, anchorText: string | null, services: Services): VerifyCheck {
  const ders = [...decodePem(publicText), ...decodePem(anchorText ?? '')].map((block) => block.bytes);
  const chain = ders.map((der) => decodeCertificate(der, services.hasher).value);
  for (let i = 0; i + 1 < chain.length; i++) {
    const subject = chain[i];
    const issuer = chain[i + 1];
    if (subject === undefined || issuer === undefined) {
      return { what: 'chain', outcome: 'failed', detail: `certificate ${i + 1} of the chain cannot be read` };
    }
    const { signed } = subject;
    if (signed === undefined || issuer.publicKey === undefined) {
      return { what: 'chain', outcome: 'failed', detail: `certificate ${i + 1} of the chain is incomplete` };
    }
    const outcome = services.verifier.verify(
      issuer.publicKey.spki,
      signed.algorithm,
      signed.data,
      signed.signature,
    );
    if (outcome === 'cannot-verify-here') {
      return {
        what: 'chain',
        outcome: 'unknown',
        detail: `the signature on ${subject.subject ?? 'a certificate'} cannot be checked here`,
      };
    }
    if (outcome === 'bad') {
      return {
        what: 'chain',
        outcome: 'failed',
        detail: `${subject.subject ?? 'a certificate'} is not signed by ${issuer.subject ?? 'the next one'}`,
      };
    }
  }
  const last = chain.at(-1);
  return {
    what: 'chain',
    outcome: 'ok',
    detail:
      chain.length === 1
        ? `one certificate, and none of its issuer (${last?.issuer ?? 'unknown'}) to check it with`
        : `${chain.length} certificates, each signed by the next, up to ${last?.subject ?? 'its issuer'}`,
  };
}
