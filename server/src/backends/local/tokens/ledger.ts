import { type BackendContext, TOKEN_FORMATS, type TokenLedgerEntry } from '../../contract.ts';
import { isTextList } from '../../jsonFile.ts';
import { type Entries, type EntryBase, factsOf, openEntries } from '../entries.ts';
import type { Revocation } from '../revocationMarks.ts';

/** What is remembered of one token: enough to write the same one again, with the sealed key or secret, and never it. */
export interface TokenEntry extends EntryBase, Omit<TokenLedgerEntry, keyof EntryBase | 'revoked'> {
  readonly audience: readonly string[];
  readonly scopes: readonly string[];
  /** Of the key that signed a JWT. */
  readonly keyId?: string;
}

/** Index that leads from a token's fingerprint to its entry. */
export const BY_FINGERPRINT = 'fingerprint';

export function openTokenLedger(context: BackendContext): Entries<TokenEntry> {
  return openEntries(context, 'tokens', readEntry);
}

/** As the contract tells it. */
export function tokenFacts(entry: TokenEntry, revoked: Revocation | undefined): TokenLedgerEntry {
  const { format, subject, issuer, notBefore, fingerprintSha256 } = entry;
  return { ...factsOf(entry, revoked), format, subject, issuer, notBefore, fingerprintSha256 };
}

function readEntry(base: EntryBase, value: Readonly<Record<string, unknown>>): TokenEntry | undefined {
  const { subject, issuer, notBefore, fingerprintSha256, audience, scopes, keyId } = value;
  const format = TOKEN_FORMATS.find((each) => each === value['format']);
  if (
    format === undefined ||
    typeof subject !== 'string' ||
    typeof issuer !== 'string' ||
    typeof notBefore !== 'string' ||
    typeof fingerprintSha256 !== 'string' ||
    !isTextList(audience) ||
    !isTextList(scopes)
  )
    return undefined;
  return {
    ...base,
    format,
    subject,
    issuer,
    notBefore,
    fingerprintSha256,
    audience,
    scopes,
    ...(typeof keyId === 'string' ? { keyId } : {}),
  };
}
