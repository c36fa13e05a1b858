import { decodeBase64, encodeBase64 } from '../../../core/credential/base64.ts';
import { toHex } from '../../../core/credential/octets.ts';
import type { IdentityId } from '../../../core/identity/identityId.ts';
import type { BackendContext, SshLedgerEntry } from '../../contract.ts';
import { isRecord, readJson, writeJson } from '../../jsonFile.ts';
import { type EntryBase, parseEntryBase } from '../entries.ts';

/** What is remembered of one certificate or enrolled key for ever; never changed once written. */
export interface SshLedgerRecord extends EntryBase, Pick<SshLedgerEntry, 'blob' | 'authority'> {
  readonly spkiSha256: string;
}

/**
 * One small file per request, so that a crash can cost none but the one being written. Marks beside them, written first,
 * lead from serial number, key and identity to requests; a mark whose file is missing, or says otherwise, means nothing.
 */
export interface SshLedger {
  /** Durable when it returns. */
  add(record: SshLedgerRecord): Promise<void>;
  byRequest(requestId: string): Promise<SshLedgerRecord | undefined>;
  /** Oldest first; a plain key that was enrolled again has several. */
  bySerialNumber(serialNumber: string): Promise<readonly SshLedgerRecord[]>;
  byKey(spkiSha256: string): Promise<readonly SshLedgerRecord[]>;
  byIdentity(identity: IdentityId): Promise<readonly SshLedgerRecord[]>;
}

export function openSshLedger({ state, hasher }: BackendContext): SshLedger {
  const digest = (...parts: readonly string[]): string =>
    toHex(hasher.hash('sha256', new TextEncoder().encode(JSON.stringify(parts)))).slice(0, 40);
  const serialFolder = (serialNumber: string): string => `ssh/index/serial/${serialNumber}`;
  const keyFolder = (spkiSha256: string): string => `ssh/index/key/${digest(spkiSha256)}`;
  const identityFolder = ({ apiVersion, kind, namespace, name }: IdentityId): string =>
    `ssh/index/identity/${digest(apiVersion, kind, namespace, name)}`;
  const fileOf = (entry: string): string => `ssh/ledger/${entry}.json`;

  async function marked(
    folder: string,
    fits: (record: SshLedgerRecord) => boolean,
  ): Promise<readonly SshLedgerRecord[]> {
    const found: SshLedgerRecord[] = [];
    for (const mark of await state.list(folder)) {
      const record = await readJson(state, fileOf(mark.slice(folder.length + 1)), parseRecord);
      if (record !== undefined && fits(record)) found.push(record);
    }
    return found.sort((a, b) => (a.issuedAt < b.issuedAt ? -1 : a.issuedAt > b.issuedAt ? 1 : 0));
  }

  return {
    byRequest: (requestId) => readJson(state, fileOf(digest(requestId)), parseRecord),
    bySerialNumber: (serialNumber) =>
      marked(serialFolder(serialNumber), (record) => record.serialNumber === serialNumber),
    byKey: (spkiSha256) => marked(keyFolder(spkiSha256), (record) => record.spkiSha256 === spkiSha256),
    byIdentity: (identity) => {
      const folder = identityFolder(identity);
      return marked(folder, (record) => identityFolder(record.identity) === folder);
    },
    async add(record) {
      const entry = digest(record.requestId);
      const folders = [
        serialFolder(record.serialNumber),
        keyFolder(record.spkiSha256),
        identityFolder(record.identity),
      ];
      for (const folder of folders) await state.write(`${folder}/${entry}`, new Uint8Array());
      const { blob, authority, ...rest } = record;
      await writeJson(state, fileOf(entry), {
        schemaVersion: 1,
        ...rest,
        blob: encodeBase64(blob),
        ...(authority === undefined ? {} : { authority: encodeBase64(authority) }),
      });
    },
  };
}

function parseRecord(value: unknown): SshLedgerRecord | undefined {
  const base = parseEntryBase(value);
  if (base === undefined || !isRecord(value)) return undefined;
  const { spkiSha256 } = value;
  const blob = octets(value['blob']);
  const authority = octets(value['authority']);
  return typeof spkiSha256 === 'string' && blob !== undefined
    ? { ...base, spkiSha256, blob, ...(authority === undefined ? {} : { authority }) }
    : undefined;
}

function octets(value: unknown): Uint8Array | undefined {
  const decoded = typeof value === 'string' ? decodeBase64(value) : undefined;
  return decoded?.ok === true ? decoded.bytes : undefined;
}
