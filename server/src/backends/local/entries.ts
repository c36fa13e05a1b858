import { toHex } from '../../core/credential/octets.ts';
import type { IdentityId } from '../../core/identity/identityId.ts';
import type { RevocationReason } from '../../core/lifecycle/event.ts';
import type { RandomSource } from '../../core/ports.ts';
import type { BackendContext, LedgerFacts } from '../contract.ts';
import { parseIdentityFields } from '../identityFields.ts';
import { isRecord, readJson, writeJson } from '../jsonFile.ts';
import { openRevocationMarks, type Revocation } from './revocationMarks.ts';

/** What every entry remembers; never changed once written. Whether it was revoked stands in a file of its own. */
export interface EntryBase extends Omit<LedgerFacts, 'revoked' | 'identity'> {
  /** Digest of all that was asked for beside the request id. */
  readonly requestDigest: string;
  readonly identity: IdentityId;
}

/** By which values of an entry it can be found again: name of the index to value. */
export type Marks = Readonly<Record<string, string>>;

/**
 * A list of what was issued, as small files under one folder: a crash can cost none but the one being written. Marks
 * beside them, written first, lead from request, identity and other values to serial numbers; a mark without its file
 * means nothing.
 */
export interface Entries<Entry extends EntryBase> {
  /** Durable when it returns. */
  add(entry: Entry, marks?: Marks): Promise<void>;
  bySerialNumber(serialNumber: string): Promise<Entry | undefined>;
  byRequest(requestId: string): Promise<Entry | undefined>;
  /** Oldest first; also the next three. */
  byIdentity(identity: IdentityId): Promise<readonly Entry[]>;
  byMark(index: string, value: string): Promise<readonly Entry[]>;
  all(): Promise<readonly Entry[]>;
  /** Those that were revoked. */
  revoked(): Promise<readonly Entry[]>;
  revocationOf(serialNumber: string): Promise<Revocation | undefined>;
  /** The first revocation counts. */
  revoke(serialNumber: string, reason: RevocationReason, signal: AbortSignal): Promise<Revocation>;
}

/** 128 random bits in hex: what tokens and registrations are called, and their files, on disks that know no capitals. */
export function newEntryId(random: RandomSource): string {
  return toHex(random.bytes(16));
}

/** `read` gives undefined for what is no entry of its kind; the members of `EntryBase` were checked before. */
export function openEntries<Entry extends EntryBase>(
  context: BackendContext,
  folder: string,
  read: (base: EntryBase, value: Readonly<Record<string, unknown>>) => Entry | undefined,
): Entries<Entry> {
  const { state, hasher } = context;
  const revocations = openRevocationMarks(context, {
    folder: `${folder}/revoked`,
    lock: `${folder}-revocation`,
  });
  const indexFolder = (index: string, value: string): string =>
    `${folder}/index/${index}/${toHex(hasher.hash('sha256', new TextEncoder().encode(value))).slice(0, 40)}`;
  const entryFile = (serialNumber: string): string => `${folder}/issued/${serialNumber}.json`;
  const identityText = ({ apiVersion, kind, namespace, name }: IdentityId): string =>
    JSON.stringify([apiVersion, kind, namespace, name]);

  async function bySerialNumber(given: string): Promise<Entry | undefined> {
    const serialNumber = given.toLowerCase();
    if (!/^[0-9a-f]{32}$/.test(serialNumber)) return undefined;
    return readJson(state, entryFile(serialNumber), (value) => {
      const base = parseEntryBase(value);
      return base === undefined || !isRecord(value) ? undefined : read(base, value);
    });
  }

  async function standing(serialNumbers: readonly string[]): Promise<readonly Entry[]> {
    const found: Entry[] = [];
    for (const serialNumber of serialNumbers) {
      const entry = await bySerialNumber(serialNumber);
      if (entry !== undefined) found.push(entry);
    }
    return found.sort((a, b) => (a.issuedAt < b.issuedAt ? -1 : a.issuedAt > b.issuedAt ? 1 : 0));
  }

  async function byMark(index: string, value: string): Promise<readonly Entry[]> {
    const marks = indexFolder(index, value);
    return standing((await state.list(marks)).map((file) => file.slice(marks.length + 1)));
  }

  return {
    bySerialNumber,
    byMark,
    revocationOf: revocations.of,
    byRequest: async (requestId) => (await byMark('request', requestId))[0],
    byIdentity: (identity) => byMark('identity', identityText(identity)),
    all: async () =>
      standing(
        (await state.list(`${folder}/issued`)).map((file) =>
          file.slice(file.lastIndexOf('/') + 1, -'.json'.length),
        ),
      ),
    revoked: async () => standing(await revocations.all()),
    async add(entry, marks = {}) {
      const all = { request: entry.requestId, identity: identityText(entry.identity), ...marks };
      for (const [index, value] of Object.entries(all))
        await state.write(`${indexFolder(index, value)}/${entry.serialNumber}`, new Uint8Array());
      await writeJson(state, entryFile(entry.serialNumber), { schemaVersion: 1, ...entry });
    },
    revoke: revocations.mark,
  };
}

/** What the contract tells of any entry. */
export function factsOf(entry: EntryBase, revoked: Revocation | undefined): LedgerFacts {
  const { requestId, serialNumber, identity, machine, issuedAt, notAfter } = entry;
  return {
    requestId,
    serialNumber,
    identity,
    ...(machine === undefined ? {} : { machine }),
    issuedAt,
    notAfter,
    ...(revoked === undefined ? {} : { revoked }),
  };
}

/** The members that the lists of all issuers have; undefined for anything else. */
export function parseEntryBase(value: unknown): EntryBase | undefined {
  if (!isRecord(value) || value['schemaVersion'] !== 1) return undefined;
  const { serialNumber, requestId, requestDigest, machine, issuedAt, notAfter } = value;
  const identity = parseIdentityFields(value['identity']);
  return typeof serialNumber === 'string' &&
    typeof requestId === 'string' &&
    typeof requestDigest === 'string' &&
    typeof issuedAt === 'string' &&
    typeof notAfter === 'string' &&
    identity !== undefined
    ? {
        serialNumber,
        requestId,
        requestDigest,
        identity,
        ...(typeof machine === 'string' ? { machine } : {}),
        issuedAt,
        notAfter,
      }
    : undefined;
}
