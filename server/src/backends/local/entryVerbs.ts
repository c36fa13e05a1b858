import type { IdentityId } from '../../core/identity/identityId.ts';
import type { RevocationReason } from '../../core/lifecycle/event.ts';
import type { Issuer, LedgerFacts } from '../contract.ts';
import { BackendError } from '../errors.ts';
import { acting, looking } from '../guard.ts';
import { checkReason, OFFERED_REASONS } from '../revocationReasons.ts';
import type { Revocation } from './revocationMarks.ts';

type Verbs<Facts extends LedgerFacts> = Pick<
  Issuer<Facts>,
  'revocationReasons' | 'find' | 'issuedFor' | 'revoke' | 'status'
>;

/** A list of what was issued, and of what of it was ended. */
export interface IssuedList<Entry> {
  byRequest(requestId: string): Promise<Entry | undefined>;
  /** In any spelling that a person may use. */
  bySerialNumber(serialNumber: string): Promise<Entry | undefined>;
  byIdentity(identity: IdentityId): Promise<readonly Entry[]>;
  /** Oldest first; absent for what has no key of its own. */
  byKey?(spkiSha256: string): Promise<readonly Entry[]>;
  revocationOf(serialNumber: string): Promise<Revocation | undefined>;
  revoke(serialNumber: string, reason: RevocationReason, signal: AbortSignal): Promise<Revocation>;
}

/** How the list is spoken of. */
export interface ListWords {
  /** What it is of, such as `token`. */
  readonly noun: string;
  /** Whom a person hears when something is not on it, such as `lab issued no certificate with`. */
  readonly unknown: string;
  /** What an entry is called by: `id`, `serial number`. */
  readonly calledBy: string;
}

/** The verbs of an issuer that are about its list alone. `tell` gives an entry as the contract wants it. */
export function entryVerbs<Entry extends { readonly serialNumber: string }, Facts extends LedgerFacts>(
  list: IssuedList<Entry>,
  tell: (entry: Entry, revoked: Revocation | undefined) => Facts | Promise<Facts>,
  { noun, unknown, calledBy }: ListWords,
): Verbs<Facts> {
  const factsOf = async (entry: Entry): Promise<Facts> =>
    tell(entry, await list.revocationOf(entry.serialNumber));

  return {
    revocationReasons: OFFERED_REASONS,
    find: looking(`look up the ${noun}`, async (query) => {
      const entry =
        'requestId' in query
          ? await list.byRequest(query.requestId)
          : 'serialNumber' in query
            ? await list.bySerialNumber(query.serialNumber)
            : (await list.byKey?.(query.spkiSha256.toLowerCase()))?.at(-1);
      return entry === undefined ? undefined : factsOf(entry);
    }),
    issuedFor: looking(`list each ${noun}`, async (identity) => {
      const entries: Facts[] = [];
      for (const entry of await list.byIdentity(identity)) entries.push(await factsOf(entry));
      return entries;
    }),
    revoke: acting(`revoke the ${noun}`, async (serialNumber, reason, signal) => {
      checkReason(reason);
      const entry = await list.bySerialNumber(serialNumber);
      if (entry !== undefined) return list.revoke(entry.serialNumber, reason, signal);
      throw new BackendError({
        kind: 'not-found',
        what: `${unknown} the ${calledBy} ${serialNumber.slice(0, 80)}`,
        hint: `check the ${calledBy}, and that the Backend names the store that has it (spec.store)`,
      });
    }),
    status: looking(`tell the status of the ${noun}`, async (serialNumber) => {
      const entry = await list.bySerialNumber(serialNumber);
      if (entry === undefined) return { status: 'unknown', why: `${unknown} that ${calledBy}` };
      const revocation = await list.revocationOf(entry.serialNumber);
      return revocation === undefined ? { status: 'good' } : { status: 'revoked', ...revocation };
    }),
  };
}
