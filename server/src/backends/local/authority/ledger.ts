import { decodeBase64, encodeBase64 } from '../../../core/credential/base64.ts';
import { toHex } from '../../../core/credential/octets.ts';
import type { IdentityId } from '../../../core/identity/identityId.ts';
import type { BackendContext } from '../../contract.ts';
import { isRecord, readJson, writeJson } from '../../jsonFile.ts';
import { type EntryBase, parseEntryBase } from '../entries.ts';

/** What is remembered of one certificate for ever; never changed once written. */
export interface LedgerRecord extends EntryBase {
  readonly spkiSha256: string;
  /** Number of the issuing CA. */
  readonly issuer: number;
  /** DER. */
  readonly certificate: Uint8Array;
}

/**
 * One small file per certificate, so that a crash can cost none but the one being written. Marks beside them, written
 * first, lead from request, key and identity to serial numbers; a mark without its file means nothing.
 */
export interface Ledger {
  /** Durable when it returns. */
  add(record: LedgerRecord): Promise<void>;
  bySerialNumber(serialNumber: string): Promise<LedgerRecord | undefined>;
  byRequest(requestId: string): Promise<LedgerRecord | undefined>;
  /** Oldest first. */
  byKey(spkiSha256: string): Promise<readonly LedgerRecord[]>;
  byIdentity(identity: IdentityId): Promise<readonly LedgerRecord[]>;
}

export function openLedger({ state, hasher }: BackendContext): Ledger {
  const digest = (parts: readonly string[]): string =>
    toHex(hasher.hash('sha256', new TextEncoder().encode(JSON.stringify(parts)))).slice(0, 40);
  const requestFolder = (requestId: string): string => `index/request/${digest([requestId])}`;
  const keyFolder = (spkiSha256: string): string => `index/key/${digest([spkiSha256])}`;
  const identityFolder = ({ apiVersion, kind, namespace, name }: IdentityId): string =>
    `index/identity/${digest([apiVersion, kind, namespace, name])}`;

  const bySerialNumber = (serialNumber: string): Promise<LedgerRecord | undefined> =>
    readJson(state, recordFile(serialNumber), parseRecord);

  async function marked(folder: string): Promise<readonly LedgerRecord[]> {
    const found: LedgerRecord[] = [];
    for (const mark of await state.list(folder)) {
      const record = await bySerialNumber(mark.slice(folder.length + 1));
      if (record !== undefined) found.push(record);
    }
    return found.sort((a, b) => (a.issuedAt < b.issuedAt ? -1 : a.issuedAt > b.issuedAt ? 1 : 0));
  }

  return {
    bySerialNumber,
    byRequest: async (requestId) => (await marked(requestFolder(requestId)))[0],
    byKey: (spkiSha256) => marked(keyFolder(spkiSha256)),
    byIdentity: (identity) => marked(identityFolder(identity)),
    async add(record) {
      const folders = [
        requestFolder(record.requestId),
        keyFolder(record.spkiSha256),
        identityFolder(record.identity),
      ];
      for (const folder of folders) await state.write(`${folder}/${record.serialNumber}`, new Uint8Array());
      const { certificate, ...rest } = record;
      await writeJson(state, recordFile(record.serialNumber), {
        schemaVersion: 1,
        ...rest,
        certificate: encodeBase64(certificate),
      });
    },
  };
}

function recordFile(serialNumber: string): string {
  return `ledger/${serialNumber}.json`;
}

function parseRecord(value: unknown): LedgerRecord | undefined {
  const base = parseEntryBase(value);
  if (base === undefined || !isRecord(value)) return undefined;
  const { spkiSha256, issuer } = value;
  const certificate =
    typeof value['certificate'] === 'string' ? decodeBase64(value['certificate']) : undefined;
  return typeof spkiSha256 === 'string' && typeof issuer === 'number' && certificate?.ok === true
    ? { ...base, spkiSha256, issuer, certificate: certificate.bytes }
    : undefined;
}
