/** What a file holds that can be adopted: the public half, read exactly, as a record keeps it. */
import { type DecodedCertificate, decodeCertificate } from '../credential/certificate.ts';
import { certificateFacts } from '../credential/certifiedKey.ts';
import { decodeTextFile } from '../credential/charset.ts';
import { toHex } from '../credential/octets.ts';
import { decodePem, encodePem } from '../credential/pem.ts';
import { sshKeyLine } from '../credential/ssh/encodePublicKey.ts';
import { readSshKeyLines } from '../credential/ssh/keyLines.ts';
import { type DecodedSshKey, decodeSshKey } from '../credential/ssh/publicKey.ts';
import { type CredentialFacts, NO_END } from '../lifecycle/event.ts';
import type { Hasher } from '../ports.ts';

/** One credential of a file with its facts, and its public text as an event of the record has it. */
export type Held = { readonly facts: CredentialFacts; readonly publicText: string } & (
  | { readonly kind: 'Certificate'; readonly certificate: DecodedCertificate }
  | { readonly kind: 'SshKey' | 'SshCertificate'; readonly key: DecodedSshKey; readonly comment: string }
);

export type HeldCertificate = Extract<Held, { readonly kind: 'Certificate' }>;

/** Labels of RFC 7468 and those of before. */
const CERTIFICATE_LABELS = new Set(['CERTIFICATE', 'X509 CERTIFICATE', 'TRUSTED CERTIFICATE']);

/** Whole credentials only: what is damaged or cut off cannot be adopted. `now`: since when what has no start is known. */
export function heldIn(bytes: Uint8Array, hasher: Hasher, now: Date): readonly Held[] {
  if (bytes[0] === 0x30) return heldCertificates([bytes], hasher);
  const text = decodeTextFile(bytes);
  const ders = decodePem(text)
    .filter(({ label, problem }) => problem === undefined && CERTIFICATE_LABELS.has(label))
    .map((block) => block.bytes);
  return [...heldCertificates(ders, hasher), ...sshKeys(text, hasher, now)];
}

/** Each with the others that issued it as its chain. */
export function heldCertificates(ders: readonly Uint8Array[], hasher: Hasher): readonly HeldCertificate[] {
  const read = ders.flatMap((der) => {
    const certificate = decodeCertificate(der, hasher).value;
    // What OpenSSL's trust settings add behind it is no part of it.
    const facts = certificate === undefined ? undefined : certificateFacts(certificate.der, hasher);
    return certificate === undefined || facts === undefined ? [] : [{ certificate, facts }];
  });
  return read.map((leaf) => {
    const chain = [leaf];
    for (let last = leaf; !last.certificate.selfIssued && chain.length <= read.length; ) {
      const next = read.find(({ facts }) => facts.subject === last.facts.issuer);
      // The root is what relying parties have already.
      if (next === undefined || next.certificate.selfIssued || chain.includes(next)) break;
      chain.push(next);
      last = next;
    }
    return {
      kind: 'Certificate',
      ...leaf,
      publicText: chain.map(({ certificate }) => encodePem('CERTIFICATE', certificate.der)).join(''),
    };
  });
}

function sshKeys(text: string, hasher: Hasher, now: Date): readonly Held[] {
  return readSshKeyLines(text, false).flatMap((line): Held[] => {
    const key = line.problem === undefined ? decodeSshKey(line.blob, hasher).value : undefined;
    if (key === undefined || line.kind === 'host') return [];
    const { certificate, publicKey } = key;
    const fingerprintSha256 = toHex(hasher.hash('sha256', line.blob));
    const facts: CredentialFacts = {
      serialNumber: certificate?.serialNumber ?? fingerprintSha256,
      subject: certificate?.keyId ?? line.comment,
      issuer: certificate?.signedBy ?? '',
      notBefore: certificate?.validAfter ?? now.toISOString(),
      notAfter: certificate?.validBefore ?? NO_END,
      keyAlgorithm: publicKey.algorithm,
      spkiSha256: toHex(hasher.hash('sha256', publicKey.spki)),
      fingerprintSha256,
    };
    const publicText = `${sshKeyLine(line.blob, line.comment)}\n`;
    const kind = certificate === undefined ? 'SshKey' : 'SshCertificate';
    return [{ kind, key, facts, publicText, comment: line.comment }];
  });
}
