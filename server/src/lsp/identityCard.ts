/** What the record says about an identity, one card for each machine that bears it. Values are plain text, not Markdown. */
import type { InventoryRow } from '../app/api.ts';
import type { IdentityId } from '../core/identity/identityId.ts';
import { currentGeneration, reduceRecord } from '../core/lifecycle/record.ts';
import type { OpenedProject } from './projects.ts';
import { rowsOf } from './standingTitle.ts';

type Line = readonly [label: string, value: string];

/** Machines that a hover has room for. */
const MOST_CARDS = 5;

export async function identityCard(
  opened: OpenedProject,
  identity: IdentityId,
  signal: AbortSignal,
): Promise<readonly (readonly Line[])[]> {
  const rows = await opened.state.rows(signal);
  const cards = rowsOf(rows, identity).slice(0, MOST_CARDS);
  // What was never issued has no record to read, and a name as it is being typed need not be one that a record could have.
  const isRecorded = cards.some(({ notBefore }) => notBefore !== null);
  const record = reduceRecord(isRecorded ? await opened.project.events(identity, signal) : []);
  return cards.map((row) => {
    const generation = currentGeneration(record, row.machine);
    return [
      ...stateLines(row),
      ...optional('Issuer', generation?.credential.issuer),
      ...optional('Subject', generation?.credential.subject),
      ...optional('Serial', row.serialNumber),
      ...optional('SHA-256 fingerprint', row.fingerprintSha256),
      ...optional('SHA-256 of the key', row.spkiSha256),
      ...(generation?.copies ?? []).map(
        (copy): Line => ['Delivered to', `${copy.path} (${copy.contents.join(', ')}; ${copy.backend})`],
      ),
    ];
  });
}

function stateLines(row: InventoryRow): readonly Line[] {
  return [
    ['State', row.status],
    ...optional('Backend', row.backend),
    ...optional('Owner', [row.owner, row.contact].filter((part) => part !== null).join(', ')),
    ...(row.machine === null
      ? optional('Machines', row.machines.join(', '))
      : optional('Machine', row.machine)),
    ...optional('Valid', validity(row)),
    ...optional('Key', row.algorithm),
  ];
}

function validity({ notBefore, notAfter }: InventoryRow): string | null {
  return notBefore === null || notAfter === null ? null : `${notBefore} to ${notAfter}`;
}

function optional(label: string, value: string | null | undefined): readonly Line[] {
  return value === null || value === undefined || value === '' ? [] : [[label, value]];
}
