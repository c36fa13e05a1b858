/** What is asked of a project's manifests and its records together. */
import type { Finding } from '../core/finding.ts';
import type { IdentityId } from '../core/identity/identityId.ts';
import { formatIdentity } from '../core/identity/identityId.ts';
import type { IdentityEvent } from '../core/lifecycle/event.ts';
import { eventFile } from '../core/lifecycle/eventFile.ts';
import { verifyChain } from '../core/lifecycle/verifyChain.ts';
import type { JournalView } from './actions/journal.ts';
import type { Services } from './actions/services.ts';
import { eventsElsewhere } from './actions/worldAhead.ts';
import type { InventoryRow, Project } from './api.ts';
import { type InventoryInput, inventoryRows } from './inventory.ts';
import type { LintReader } from './lint/lintReader.ts';
import { type ProjectRecords, readProjectRecords } from './projectRecords.ts';
import { recordFindings } from './recordFindings.ts';
import type { TrustReader } from './trust/trustReader.ts';
import type { ScanPurpose, Workspace } from './workspace.ts';

export interface RecordedProjectOptions {
  readonly workspace: Workspace;
  readonly services: Services;
  readonly lint: LintReader;
  readonly trust: TrustReader;
  /** Resolves when the manifests are read as they were typed last. */
  readonly read: (signal: AbortSignal, purpose?: ScanPurpose) => Promise<void>;
  readonly unfinished: () => Promise<readonly JournalView[]>;
  readonly denied: () => Promise<InventoryInput['denied']>;
  /** Of what this folder's user confirmed and gave. */
  readonly loginRows: () => Promise<readonly InventoryRow[]>;
  /** Events that this clone made. */
  readonly ownEvents: (signal: AbortSignal) => Promise<readonly IdentityEvent[]>;
}

export type RecordedProject = Pick<
  Project,
  'check' | 'inventory' | 'identities' | 'recorded' | 'verifyLog'
> & {
  records(signal: AbortSignal): Promise<ProjectRecords>;
};

export function recordedProject(options: RecordedProjectOptions): RecordedProject {
  const { workspace, services, lint, trust } = options;
  const { store, git, clock, hasher } = services;

  async function readRecords(signal: AbortSignal, purpose?: ScanPurpose): Promise<ProjectRecords> {
    await options.read(signal, purpose);
    return readProjectRecords(store, signal);
  }

  return {
    records: (signal) => readRecords(signal),
    async check(signal, only) {
      const { recorded, damaged, recordsFor } = await readRecords(signal, { isJudged: true });
      const index = workspace.index();
      const records = recordsFor(index);
      const policies = workspace.outsidePolicies();
      const given = {
        index,
        policies,
        records,
        recorded,
        damaged,
        git,
        lint: await lint.read({ index, records, now: clock.now() }, signal),
        trust: await trust.read(index),
        now: clock.now(),
        hasher,
      };
      const onRecord = await recordFindings(given, signal);
      const findings: Finding[] = [...[...workspace.findings().values()].flat(), ...onRecord.findings];
      const wanted =
        only === undefined ? findings : findings.filter((finding) => only.includes(finding.file));
      return wanted.sort(byPlace);
    },
    async inventory(signal) {
      const { recorded, recordsFor } = await readRecords(signal);
      const index = workspace.index();
      const rows = inventoryRows({
        index,
        records: recordsFor(index),
        recorded,
        unfinished: await options.unfinished(),
        now: clock.now(),
        hasher,
        denied: await options.denied(),
      });
      return [...rows, ...(await options.loginRows())];
    },
    async identities(signal) {
      await options.read(signal);
      const all = new Map<string, IdentityId>();
      for (const { id, key } of workspace.index().identities()) all.set(key, id);
      for (const id of await store.list(signal))
        if (!all.has(formatIdentity(id))) all.set(formatIdentity(id), id);
      return [...all.values()];
    },
    async recorded(signal) {
      return (await readRecords(signal)).events;
    },
    async verifyLog(signal) {
      const { events, recorded, damaged } = await readRecords(signal);
      const here = new Set(events.map((event) => event.id));
      const elsewhere = (await eventsElsewhere(recorded, here, services, signal)).map(({ event }) => event);
      const lost = (await options.ownEvents(signal)).filter((event) => !here.has(event.id));
      return {
        events: events.length,
        clones: new Set(events.map((event) => event.chain.clone)).size,
        problems: [
          ...damaged.map(({ file, why }) => ({ file, what: why })),
          ...lost.map((event) => ({
            file: eventFile(event),
            what: 'it was recorded here and is gone, on every branch: `idac resume` puts it back',
          })),
          // A clone's chain may lie on several branches: an event that another one holds is no gap.
          ...verifyChain([...events, ...elsewhere], hasher),
        ],
      };
    },
  };
}

function byPlace(a: Finding, b: Finding): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.range.start.line - b.range.start.line || a.range.start.character - b.range.start.character;
}
