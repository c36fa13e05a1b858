import type { BackendContext, Registration } from '../../contract.ts';
import { isTextList } from '../../jsonFile.ts';
import { type Entries, type EntryBase, factsOf, openEntries } from '../entries.ts';
import type { Revocation } from '../revocationMarks.ts';

export interface RegistrationEntry extends EntryBase {
  readonly spiffeId: string;
  readonly parentId: string;
  /** Sorted. */
  readonly selectors: readonly string[];
  readonly dnsNames: readonly string[];
  readonly x509SvidTtlSeconds: number;
  readonly jwtSvidTtlSeconds: number;
  readonly federatesWith: readonly string[];
}

/** Index that leads from a SPIFFE ID to its registrations. */
export const BY_SPIFFE_ID = 'spiffe-id';

export function openRegistrations(context: BackendContext): Entries<RegistrationEntry> {
  return openEntries(context, 'workloads', readEntry);
}

/** As the contract tells it. */
export function registrationFacts(entry: RegistrationEntry, revoked: Revocation | undefined): Registration {
  const { spiffeId, parentId, selectors } = entry;
  return { ...factsOf(entry, revoked), spiffeId, parentId, selectors };
}

/** The registrations of a SPIFFE ID that nobody ended. */
export async function standingFor(
  ledger: Entries<RegistrationEntry>,
  spiffeId: string,
): Promise<readonly RegistrationEntry[]> {
  const standing: RegistrationEntry[] = [];
  for (const entry of await ledger.byMark(BY_SPIFFE_ID, spiffeId)) {
    if (entry.spiffeId !== spiffeId) continue;
    if ((await ledger.revocationOf(entry.serialNumber)) === undefined) standing.push(entry);
  }
  return standing;
}

function readEntry(base: EntryBase, value: Readonly<Record<string, unknown>>): RegistrationEntry | undefined {
  const { spiffeId, parentId, selectors, dnsNames, x509SvidTtlSeconds, jwtSvidTtlSeconds, federatesWith } =
    value;
  return typeof spiffeId === 'string' &&
    typeof parentId === 'string' &&
    isTextList(selectors) &&
    isTextList(dnsNames) &&
    isTextList(federatesWith) &&
    typeof x509SvidTtlSeconds === 'number' &&
    typeof jwtSvidTtlSeconds === 'number'
    ? {
        ...base,
        spiffeId,
        parentId,
        selectors,
        dnsNames,
        x509SvidTtlSeconds,
        jwtSvidTtlSeconds,
        federatesWith,
      }
    : undefined;
}
