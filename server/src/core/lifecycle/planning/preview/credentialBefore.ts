import { decodeCertificate } from '../../../credential/certificate.ts';
import { decodePem } from '../../../credential/pem.ts';
import { readSshKeyLines } from '../../../credential/ssh/keyLines.ts';
import { decodeSshKey } from '../../../credential/ssh/publicKey.ts';
import type { Hasher } from '../../../ports.ts';
import type { IssuedEvent } from '../../event.ts';

/** What a credential in the record says of itself, as far as its kind holds it. */
export interface CredentialContent {
  readonly names: readonly string[];
  readonly usages: readonly string[];
  /** What narrows it: options and extensions of OpenSSH. */
  readonly limits: readonly string[];
}

/** Undefined where the credential itself is not in the record, as with tokens, or cannot be read. */
export function contentOf(
  { identity: { kind }, publicText }: Pick<IssuedEvent, 'identity' | 'publicText'>,
  hasher: Hasher,
): CredentialContent | undefined {
  switch (kind) {
    case 'Certificate':
      return certificateContent(publicText, hasher);
    case 'SshCertificate':
      return sshContent(publicText, hasher);
    default:
      return undefined;
  }
}

function certificateContent(pem: string, hasher: Hasher): CredentialContent | undefined {
  const leaf = decodePem(pem).find(({ label }) => label === 'CERTIFICATE');
  const { value } = leaf === undefined ? {} : decodeCertificate(leaf.bytes, hasher);
  return value === undefined
    ? undefined
    : {
        names: (value.facts.subjectAltNames ?? []).map((name) => name.value),
        usages: value.facts.extendedKeyUsages ?? [],
        limits: [],
      };
}

function sshContent(text: string, hasher: Hasher): CredentialContent | undefined {
  const [line] = readSshKeyLines(text, false);
  const { certificate } = (line === undefined ? undefined : decodeSshKey(line.blob, hasher).value) ?? {};
  return certificate === undefined
    ? undefined
    : {
        names: certificate.principals,
        usages: [certificate.kind],
        limits: [...certificate.criticalOptions, ...certificate.extensions],
      };
}
