/** Key stores and encrypted keys that are to be adopted: what is public in them, and no more of the key than its public half. */
import type { DecodedCertificate } from '../../core/credential/certificate.ts';
import { drained } from '../../core/credential/inspect/derItems.ts';
import type { CredentialItem } from '../../core/credential/inspect/item.ts';
import type { InspectContext } from '../../core/credential/inspect/place.ts';
import { readingSteps } from '../../core/credential/inspect/readCredentials.ts';
import { type HeldCertificate, heldCertificates } from '../../core/found/held.ts';
import type { KeystoreFormat } from '../../core/lifecycle/keystorePlace.ts';
import type { Secret } from '../../core/secret.ts';

/** A certificate of a key store with the entry that it stands in. */
export interface StoredCertificate {
  readonly held: HeldCertificate;
  readonly alias: string | null;
  readonly format: KeystoreFormat;
}

/** `why`: what keeps it shut. */
export type Opened<T> = { readonly value: T } | { readonly why: string };

/** Those of a key store that have their key in it; where none has, as in a trust store, there is nothing to adopt. */
export function openStore(
  file: string,
  bytes: Uint8Array,
  password: Secret<string> | undefined,
  context: InspectContext,
): Opened<readonly StoredCertificate[]> {
  const certificates: DecodedCertificate[] = [];
  const keep = {
    certificate: (decoded: DecodedCertificate) => void certificates.push(decoded),
    revocationList: () => undefined,
  };
  const items = itemsOf(file, bytes, password, { ...context, keep });
  const format = items.some(({ wrapping, format: own }) => [...wrapping, own].includes('JKS'))
    ? 'jks'
    : 'pkcs12';
  const keys = items.filter(({ type }) => type === 'private-key');
  const held = heldCertificates(
    certificates.map(({ der }) => der),
    context.hasher,
  );
  const isLocked = items.some(
    ({ type, encrypted, spkiSha256 }) => type === 'encrypted' || (encrypted && spkiSha256 === null),
  );
  const value = keys.flatMap((key): StoredCertificate[] => {
    const own =
      key.spkiSha256 === null
        ? // The key itself is locked: its certificate stands beside it, under its name.
          ownCertificate(items, key)
        : key.spkiSha256;
    const found = held.find(({ facts }) => facts.spkiSha256 === own);
    return found === undefined || own === null ? [] : [{ held: found, alias: key.label, format }];
  });
  const distinct = [...new Map(value.map((each) => [each.held.facts.fingerprintSha256, each])).values()];
  if (distinct.length > 0) return { value: distinct };
  if (isLocked) return { why: lockedWhy(password) };
  return {
    why: items.some(({ type }) => type === 'certificate')
      ? 'It holds certificates without their keys: declare a TrustBundle that hands them out.'
      : 'It holds no certificate that can be read: idac inspect says what is in it.',
  };
}

function ownCertificate(items: readonly CredentialItem[], key: CredentialItem): string | null {
  const place = items.indexOf(key);
  const next = items.slice(place + 1).find(({ type }) => type === 'certificate');
  return next?.label === key.label ? next.spkiSha256 : null;
}

/** The hash of the public half of an encrypted key. */
export function openKey(
  file: string,
  bytes: Uint8Array,
  password: Secret<string> | undefined,
  context: InspectContext,
): Opened<string> {
  const keys = itemsOf(file, bytes, password, context).filter(({ type }) => type === 'private-key');
  const open = keys.find(({ spkiSha256 }) => spkiSha256 !== null)?.spkiSha256;
  if (open !== undefined && open !== null) return { value: open };
  // OpenSSL's own encryption from before PKCS#8 has no number of rounds, and is not opened here.
  if (keys.some(({ encryption }) => encryption?.includes('MD5 of OpenSSL') === true))
    return {
      why: `It is encrypted as OpenSSL did before PKCS#8, which is not opened here: openssl pkcs8 -topk8 -in ${file} -out NEW makes another one of it.`,
    };
  return { why: lockedWhy(password) };
}

function lockedWhy(password: Secret<string> | undefined): string {
  return password === undefined
    ? 'It is locked: give its passphrase (--password-file FILE, or Adopt… on it in VS Code), which is used once and not kept.'
    : 'The passphrase that was given does not open it.';
}

function itemsOf(
  file: string,
  bytes: Uint8Array,
  password: Secret<string> | undefined,
  context: InspectContext,
): readonly CredentialItem[] {
  const given = password === undefined ? {} : { password };
  return drained(readingSteps(file, bytes, true, { ...context, ...given }));
}
