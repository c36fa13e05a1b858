import type { LedgerEntry } from '../../backends/contract.ts';
import { certificateFacts } from '../../core/credential/certificate.ts';
import { toHex } from '../../core/credential/octets.ts';
import type { IdentityId } from '../../core/identity/identityId.ts';
import { formatIdentity } from '../../core/identity/identityId.ts';
import type { Attestation } from '../../core/lifecycle/attestation.ts';
import { isRemembered, namesOwnKey } from '../../core/lifecycle/attestation.ts';
import type { IssuedEvent } from '../../core/lifecycle/event.ts';
import { eventFile } from '../../core/lifecycle/eventFile.ts';
import type { Refusal } from '../../core/lifecycle/plan.ts';
import { refusal } from '../../core/lifecycle/planning/facts.ts';
import type { IdentityRecord } from '../../core/lifecycle/record.ts';
import type { Services } from './services.ts';

/** What one authority issued for some identities, by serial number. */
export type Ledger = ReadonlyMap<string, LedgerEntry>;

/** The lists of the authorities of those names. */
export async function readLedgers(
  identities: readonly IdentityId[],
  issuers: Iterable<string>,
  services: Services,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Ledger>> {
  const ledgers = new Map<string, Ledger>();
  for (const issuer of issuers) {
    const { authority } = await services.backends.open(issuer, signal);
    const entries: LedgerEntry[] = [];
    for (const identity of identities)
      entries.push(...((await authority?.issuedFor(identity, signal)) ?? []));
    ledgers.set(issuer, new Map(entries.map((entry) => [entry.serialNumber, entry])));
  }
  return ledgers;
}

/** Digests of the roots that stand above what was issued: a delivery may begin with one. */
export function rootFingerprints(
  ledgers: ReadonlyMap<string, Ledger>,
  services: Services,
): ReadonlySet<string> {
  const roots = [...ledgers.values()]
    .flatMap((ledger) => [...ledger.values()])
    .flatMap(({ root }) => root ?? []);
  return new Set(roots.map((der) => toHex(services.hasher.hash('sha256', der))));
}

/**
 * What the authorities say about each recorded generation, by its id. Refuses where an authority contradicts the record:
 * an event that names another identity's certificate or key would end that one.
 */
export async function attest(
  identity: IdentityId,
  record: IdentityRecord,
  ledgers: ReadonlyMap<string, Ledger>,
  services: Services,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Attestation> | Refusal> {
  const attested = new Map<string, Attestation>();
  for (const generation of record.generations) {
    const { issued, certificate } = generation;
    if (!namesOwnKey(issued)) return contradicted(identity, issued, `the key ${issued.key.keyId}`);
    const ledger = ledgers.get(issued.backend);
    if (ledger === undefined) continue;
    const { authority } = await services.backends.open(issued.backend, signal);
    const { serialNumber } = certificate;
    const entry = ledger.get(serialNumber) ?? (await authority?.find({ serialNumber }, signal));
    if (entry === undefined) {
      attested.set(generation.id, 'unknown');
      continue;
    }
    const [leaf] = entry.chain;
    const remembered = {
      requestId: entry.requestId,
      ...(entry.machine === undefined ? {} : { machine: entry.machine }),
      certificate: leaf === undefined ? undefined : certificateFacts(leaf, services.hasher),
    };
    if (!isRemembered(generation, remembered))
      return contradicted(identity, issued, `certificate ${serialNumber} of ${issued.backend}`);
    attested.set(generation.id, entry.revoked === undefined ? 'good' : 'revoked');
  }
  return attested;
}

function contradicted(identity: IdentityId, issued: IssuedEvent, what: string): Refusal {
  const file = eventFile(issued);
  return refusal(
    identity,
    'record-contradicted',
    `${file} claims ${what} for ${formatIdentity(identity)}, but it is not what was issued for that.`,
    `Look who wrote it (git log -- ${file}), and remove the file if it was not meant. Nothing was changed.`,
  );
}
