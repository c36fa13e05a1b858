import { type DecodedCertificate, decodeCertificate } from '../../core/credential/certificate.ts';
import { decodePem } from '../../core/credential/pem.ts';
import type { Held } from '../../core/found/held.ts';
import type { ProjectIndex } from '../../core/identity/projectIndex.ts';
import type { IdentityRecord } from '../../core/lifecycle/record.ts';
import type { Hasher, SignatureVerifier } from '../../core/ports.ts';
import { configuredRoles } from '../configuredRoles.ts';
import type { Knowledge } from './knownFor.ts';

/** A certificate of an authority, and the backend that it belongs to where that is known. */
interface Authority {
  readonly certificate: DecodedCertificate;
  readonly backend: string | null;
}

/** As far as an issuer's issuers are followed. */
const LONGEST_CHAIN = 8;

export interface IssuerSearch {
  readonly index: ProjectIndex;
  readonly records: ReadonlyMap<string, IdentityRecord>;
  readonly knowledge: Knowledge;
  /** Certificates of authorities that lie in the folder. */
  readonly authorities: readonly { readonly file: string; readonly certificate: DecodedCertificate }[];
  /** SSH keys that lie there, some of them an authority's. */
  readonly sshKeys: readonly { readonly file: string; readonly sshFingerprint: string }[];
  readonly hasher: Hasher;
  readonly verifier: SignatureVerifier;
}

/** Finds the declared backend that issued a credential: by its issuer's name and key, and by the signature itself. */
export function issuerSearch(search: IssuerSearch): (held: Held) => string | null {
  const { index, records, knowledge, hasher, verifier } = search;
  const backendOf = (file: string): string | null =>
    (knowledge.namedBy.get(file) ?? []).flatMap((key) => {
      const name = key.startsWith('Backend/') ? key.slice('Backend/'.length) : undefined;
      return name === undefined ? [] : [name];
    })[0] ?? null;
  const found = search.authorities.map(
    ({ file, certificate }): Authority => ({ certificate, backend: backendOf(file) }),
  );
  const authorities: readonly Authority[] = [...found, ...recordedAuthorities(index, records, hasher)];

  const certificateIssuer = (leaf: DecodedCertificate): string | null => {
    let at = leaf;
    for (let step = 0; step < LONGEST_CHAIN; step += 1) {
      const issuers = authorities.filter(({ certificate }) => isIssuedBy(at, certificate, verifier));
      const own = issuers.find(({ backend }) => backend !== null);
      if (own !== undefined) return own.backend;
      const next = issuers[0]?.certificate;
      if (next === undefined || next.selfIssued) return null;
      at = next;
    }
    return null;
  };
  return (held) => {
    const backend =
      held.kind === 'Certificate'
        ? certificateIssuer(held.certificate)
        : held.kind === 'SshCertificate'
          ? sshIssuer(held.facts.issuer, search, backendOf)
          : null;
    const resource = backend === null ? undefined : index.backend(backend);
    const role = held.kind === 'Certificate' ? 'CertificateAuthority' : 'SshAuthority';
    return resource !== undefined && configuredRoles(resource).includes(role) ? backend : null;
  };
}

function isIssuedBy(
  { issuer, facts, signed }: DecodedCertificate,
  authority: DecodedCertificate,
  verifier: SignatureVerifier,
): boolean {
  if (issuer === undefined || issuer !== authority.subject) return false;
  const { authorityKeyId } = facts;
  const { subjectKeyId } = authority.facts;
  if (authorityKeyId !== undefined && subjectKeyId !== undefined && authorityKeyId !== subjectKeyId)
    return false;
  const spki = authority.publicKey?.spki;
  if (signed === undefined || spki === undefined) return false;
  return verifier.verify(spki, signed.algorithm, signed.data, signed.signature) === 'good';
}

/** What a backend issued from here came with the certificate of its authority. */
function recordedAuthorities(
  index: ProjectIndex,
  records: ReadonlyMap<string, IdentityRecord>,
  hasher: Hasher,
): readonly Authority[] {
  const all = new Map<string, Authority>();
  for (const { key, kind } of index.identities()) {
    if (kind !== 'Certificate') continue;
    const issued = records.get(key)?.generations.at(-1)?.issued;
    // What was adopted says of its issuer what was guessed before.
    if (issued?.type !== 'issued') continue;
    for (const block of decodePem(issued.publicText).slice(1)) {
      const certificate = decodeCertificate(block.bytes, hasher).value;
      if (certificate !== undefined)
        all.set(`${issued.backend}:${certificate.fingerprintSha256}`, {
          certificate,
          backend: issued.backend,
        });
    }
  }
  return [...all.values()];
}

/** The published key of an SSH authority lies where its backend's manifest says. */
function sshIssuer(
  signedBy: string,
  { sshKeys }: IssuerSearch,
  backendOf: (file: string) => string | null,
): string | null {
  const key = sshKeys.find(
    ({ file, sshFingerprint }) => sshFingerprint === signedBy && backendOf(file) !== null,
  );
  return key === undefined ? null : backendOf(key.file);
}
