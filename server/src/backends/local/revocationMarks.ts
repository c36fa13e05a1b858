import { REVOCATION_REASONS, type RevocationReason } from '../../core/lifecycle/event.ts';
import type { BackendContext } from '../contract.ts';
import { isRecord, readJson, writeJson } from '../jsonFile.ts';

export interface Revocation {
  /** ISO 8601, UTC, whole seconds: as revocation lists say it. */
  readonly at: string;
  readonly reason: RevocationReason;
}

/** What was ended, by serial number: one file each, never removed. */
export interface RevocationMarks {
  of(serialNumber: string): Promise<Revocation | undefined>;
  /** The first one counts: a repeated call answers with it. */
  mark(serialNumber: string, reason: RevocationReason, signal: AbortSignal): Promise<Revocation>;
  /** Serial numbers. */
  all(): Promise<readonly string[]>;
}

/** `folder` of the state holds the files; `lock` keeps two processes from marking one serial number. */
export function openRevocationMarks(
  { state, clock }: BackendContext,
  { folder, lock }: { readonly folder: string; readonly lock: string },
): RevocationMarks {
  const fileOf = (serialNumber: string): string => `${folder}/${serialNumber}.json`;
  const of = (serialNumber: string): Promise<Revocation | undefined> =>
    readJson(state, fileOf(serialNumber), parseRevocation);
  return {
    of,
    all: async () => (await state.list(folder)).map((file) => file.slice(folder.length + 1, -'.json'.length)),
    mark: (serialNumber, reason, signal) =>
      state.locked(
        lock,
        async () => {
          const before = await of(serialNumber);
          if (before !== undefined) return before;
          const at = wholeSecondText(clock.now());
          await writeJson(state, fileOf(serialNumber), { schemaVersion: 1, at, reason });
          return { at, reason };
        },
        signal,
      ),
  };
}

function wholeSecondText(date: Date): string {
  return new Date(Math.floor(date.getTime() / 1000) * 1000).toISOString();
}

function parseRevocation(value: unknown): Revocation | undefined {
  if (!isRecord(value) || value['schemaVersion'] !== 1) return undefined;
  const { at } = value;
  const reason = REVOCATION_REASONS.find((each) => each === value['reason']);
  return typeof at === 'string' && reason !== undefined ? { at, reason } : undefined;
}
