import type { IdentityId } from '../../core/identity/identityId.ts';
import { formatIdentity } from '../../core/identity/identityId.ts';
import type { Attestation } from '../../core/lifecycle/attestation.ts';
import { isRemembered, namesOwnKey } from '../../core/lifecycle/attestation.ts';
import type { BeginningEvent } from '../../core/lifecycle/event.ts';
import { eventFile } from '../../core/lifecycle/eventFile.ts';
import { nounOf } from '../../core/lifecycle/kindTraits.ts';
import type { Refusal } from '../../core/lifecycle/plan.ts';
import { refusal } from '../../core/lifecycle/planning/facts.ts';
import type { IdentityRecord } from '../../core/lifecycle/record.ts';
import type { CredentialIssuer, IssuedLine } from './issuers/issuer.ts';

/** What one issuer made for some identities, by serial number. */
export type Ledger = ReadonlyMap<string, IssuedLine>;

/** The lists of those issuers. */
export async function readLedgers(
  identities: readonly IdentityId[],
  issuers: ReadonlyMap<string, CredentialIssuer>,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Ledger>> {
  const ledgers = new Map<string, Ledger>();
  for (const [name, issuer] of issuers) {
    const lines: IssuedLine[] = [];
    for (const identity of identities) lines.push(...(await issuer.lines(identity, signal)));
    ledgers.set(name, new Map(lines.map((line) => [line.serialNumber, line])));
  }
  return ledgers;
}

/** Fingerprints of what a delivery may begin with besides the credential itself: a root, the key of an authority, the plain key. */
export function companionFingerprints(ledgers: ReadonlyMap<string, Ledger>): ReadonlySet<string> {
  return new Set(
    [...ledgers.values()].flatMap((ledger) => [...ledger.values()].flatMap(({ companions }) => companions)),
  );
}

/**
 * What the issuers say about each recorded generation, by its id. Refuses where an issuer contradicts the record: an event
 * that names another identity's credential or key would end that one.
 */
export async function attest(
  identity: IdentityId,
  record: IdentityRecord,
  ledgers: ReadonlyMap<string, Ledger>,
  issuers: ReadonlyMap<string, CredentialIssuer>,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Attestation> | Refusal> {
  const attested = new Map<string, Attestation>();
  for (const generation of record.generations) {
    const { issued, credential } = generation;
    if (!namesOwnKey(issued)) return contradicted(identity, issued, `the key ${issued.key?.keyId}`);
    const { backend } = issued;
    const ledger = backend === null ? undefined : ledgers.get(backend);
    if (backend === null || ledger === undefined) {
      // That it was found somewhere is all that the record knows of it.
      if (issued.type === 'adopted') attested.set(generation.id, 'unknown');
      continue;
    }
    const { serialNumber } = credential;
    const line = ledger.get(serialNumber) ?? (await issuers.get(backend)?.line(serialNumber, signal));
    if (line === undefined) {
      attested.set(generation.id, 'unknown');
      continue;
    }
    if (!isRemembered(generation, line)) {
      // Who adopted it did not know for whom it was issued: it is not theirs to end.
      if (issued.type === 'adopted') {
        attested.set(generation.id, 'unknown');
        continue;
      }
      return contradicted(identity, issued, `${nounOf(identity.kind)} ${serialNumber} of ${issued.backend}`);
    }
    attested.set(generation.id, line.revoked === undefined ? 'good' : 'revoked');
  }
  return attested;
}

function contradicted(identity: IdentityId, issued: BeginningEvent, what: string): Refusal {
  const file = eventFile(issued);
  return refusal(
    identity,
    'record-contradicted',
    `${file} claims ${what} for ${formatIdentity(identity)}, but it is not what was issued for that.`,
    `Look who wrote it (git log -- ${file}), and remove the file if it was not meant. Nothing was changed.`,
  );
}
