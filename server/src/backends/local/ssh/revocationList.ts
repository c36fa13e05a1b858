import { fromHex, toBigInt, toHex } from '../../../core/credential/octets.ts';
import { buildSshRevocationList } from '../../../core/credential/ssh/buildRevocationList.ts';
import { isRecord, readJson, writeJson } from '../../jsonFile.ts';
import { isKeySerialNumber } from '../../sshSerialNumber.ts';
import { secondsAfter } from '../authority/validity.ts';
import type { SshParts } from './issuance.ts';

/** What is remembered of a list that was made. */
export interface MadeList {
  readonly version: number;
  /** ISO 8601. */
  readonly generatedAt: string;
  /** How many revocations there were then. */
  readonly revocations: number;
}

/** A certificate is named for a week longer than it lives, for servers whose clock is behind; a plain key for good. */
const KEPT_AFTER_END_SECONDS = 7 * 86_400;
const LAST = 'ssh/krl.json';
const PUBLISHED = 'ssh/krl-published.json';

/** A fresh list with a version above all before it, across processes. */
export function newKeyRevocationList(
  parts: SshParts,
  signal: AbortSignal,
): Promise<{ readonly krl: Uint8Array; readonly made: MadeList }> {
  const { context } = parts;
  return context.state.locked(
    'ssh-krl',
    async () => {
      const last = await readJson(context.state, LAST, parseMade);
      const now = context.clock.now();
      // A clock that was set back must not make the newer list look older.
      const before = last === undefined ? 0 : Date.parse(last.generatedAt);
      const generatedAt = new Date(Math.max(before, now.getTime()));
      const { certificates, keySha256, revocations } = await revoked(parts, now);
      const version = (last?.version ?? 0) + 1;
      const made = { version, generatedAt: generatedAt.toISOString(), revocations };
      const krl = buildSshRevocationList({
        version: BigInt(version),
        generatedAt,
        comment: context.name,
        certificates,
        keySha256,
      });
      await writeJson(context.state, LAST, { schemaVersion: 1, ...made });
      return { krl, made };
    },
    signal,
  );
}

async function revoked({ ledger, revocations }: SshParts, now: Date) {
  const byAuthority = new Map<string, { authority: Uint8Array; serialNumbers: bigint[] }>();
  const keySha256: Uint8Array[] = [];
  const marks = await revocations.all();
  for (const serialNumber of marks) {
    if (isKeySerialNumber(serialNumber)) {
      keySha256.push(fromHex(serialNumber));
      continue;
    }
    const [record] = await ledger.bySerialNumber(serialNumber);
    if (record?.authority === undefined) continue;
    if (secondsAfter(new Date(record.notAfter), KEPT_AFTER_END_SECONDS) < now) continue;
    const name = toHex(record.authority);
    const section = byAuthority.get(name) ?? { authority: record.authority, serialNumbers: [] };
    section.serialNumbers.push(toBigInt(fromHex(serialNumber)));
    byAuthority.set(name, section);
  }
  return { certificates: [...byAuthority.values()], keySha256, revocations: marks.length };
}

/** The list that was last written to the file that servers read. */
export function publishedList({ context }: SshParts): Promise<MadeList | undefined> {
  return readJson(context.state, PUBLISHED, parseMade);
}

export async function rememberPublished({ context }: SshParts, made: MadeList): Promise<void> {
  await writeJson(context.state, PUBLISHED, { schemaVersion: 1, ...made });
}

function parseMade(value: unknown): MadeList | undefined {
  if (!isRecord(value) || value['schemaVersion'] !== 1) return undefined;
  const { version, generatedAt, revocations } = value;
  return typeof version === 'number' && typeof generatedAt === 'string' && typeof revocations === 'number'
    ? { version, generatedAt, revocations }
    : undefined;
}
