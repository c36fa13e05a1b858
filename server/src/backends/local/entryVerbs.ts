import type { Issuer, LedgerFacts } from '../contract.ts';
import { BackendError } from '../errors.ts';
import { acting, looking } from '../guard.ts';
import { checkReason, OFFERED_REASONS } from '../revocationReasons.ts';
import type { Entries, EntryBase } from './entries.ts';
import type { Revocation } from './revocationMarks.ts';

type Verbs<Facts extends LedgerFacts> = Pick<
  Issuer<Facts>,
  'revocationReasons' | 'find' | 'issuedFor' | 'revoke' | 'status'
>;

/** The verbs of an issuer that are about its list alone. `tell` gives an entry as the contract wants it. */
export function entryVerbs<Entry extends EntryBase, Facts extends LedgerFacts>(
  ledger: Entries<Entry>,
  tell: (entry: Entry, revoked: Revocation | undefined) => Facts,
  words: {
    /** Of the backend. */
    readonly name: string;
    /** What the list is of, such as `token`. */
    readonly noun: string;
  },
): Verbs<Facts> {
  const { name, noun } = words;
  const factsOf = async (entry: Entry): Promise<Facts> =>
    tell(entry, await ledger.revocationOf(entry.serialNumber));
  const entryOf = (serialNumber: string): Promise<Entry | undefined> =>
    ledger.bySerialNumber(serialNumber.toLowerCase());

  return {
    revocationReasons: OFFERED_REASONS,
    find: looking(`look up the ${noun}`, async (query) => {
      // Neither tokens nor registrations have a key of their own.
      if ('spkiSha256' in query) return undefined;
      const entry =
        'requestId' in query ? await ledger.byRequest(query.requestId) : await entryOf(query.serialNumber);
      return entry === undefined ? undefined : factsOf(entry);
    }),
    issuedFor: looking(`list each ${noun}`, async (identity) => {
      const entries: Facts[] = [];
      for (const entry of await ledger.byIdentity(identity)) entries.push(await factsOf(entry));
      return entries;
    }),
    revoke: acting(`revoke the ${noun}`, async (serialNumber, reason, signal) => {
      checkReason(reason);
      const entry = await entryOf(serialNumber);
      if (entry !== undefined) return ledger.revoke(entry.serialNumber, reason, signal);
      throw new BackendError({
        kind: 'not-found',
        what: `${name} knows no ${noun} with the id ${serialNumber.slice(0, 80)}`,
        hint: 'check the id, and that the Backend names the store that has it (spec.store)',
      });
    }),
    status: looking(`tell the status of the ${noun}`, async (serialNumber) => {
      const entry = await entryOf(serialNumber);
      if (entry === undefined) return { status: 'unknown', why: `${name} knows no ${noun} with that id` };
      const revocation = await ledger.revocationOf(entry.serialNumber);
      return revocation === undefined ? { status: 'good' } : { status: 'revoked', ...revocation };
    }),
  };
}
