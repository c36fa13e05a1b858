/**
 * What is known of an identity, for a person to read: where it stands, the credential in use with its chain, who renews it and
 * who uses it. Values are plain text, not Markdown. Out of what was read last and the record; nobody is contacted.
 */
import type { InventoryRow } from '../app/api.ts';
import { leftText } from '../core/identity/expiry.ts';
import type { IdentityId } from '../core/identity/identityId.ts';
import { isIdentityKind } from '../core/identity/identityId.ts';
import type { ProjectIndex } from '../core/identity/projectIndex.ts';
import { declarationOf } from '../core/lifecycle/declarationOf.ts';
import type { IdentityEvent } from '../core/lifecycle/event.ts';
import { currentGeneration, type Generation, reduceRecord } from '../core/lifecycle/record.ts';
import { formatPath } from '../core/manifest/path.ts';
import type { IdentityResource, Resource } from '../core/manifest/resource.ts';
import { defaultsFor, giverOf } from '../core/policy/defaults.ts';
import { formatDay, formatInstant, plural } from '../core/text/instant.ts';
import { certificateLines, type Line, optional } from './credentialLines.ts';
import { findingsOfFile } from './projectFindings.ts';
import type { OpenedProject } from './projects.ts';
import { byUrgency, rowsOfEach } from './standingTitle.ts';

/** Machines that one line of a hover has room for. */
const MOST_MACHINES = 12;
const MOST_FINDINGS = 3;

/** Empty: nothing is known of it. */
export async function identityCard(
  opened: OpenedProject,
  identity: IdentityId,
  now: Date,
  signal: AbortSignal,
): Promise<readonly Line[]> {
  const rows = await opened.state.rows(signal);
  const [row, ...others] = [...rowsOfEach(rows, [identity])(identity)].sort(byUrgency);
  if (row === undefined) return [];
  // What was never issued has no record to read, and a name as it is being typed need not be one that a record could have.
  const events = row.notBefore === null ? [] : await opened.project.events(identity, signal);
  const generation = currentGeneration(reduceRecord(events), row.machine);
  const resource = opened.project.workspace.index().get(identity);
  return [
    ['State', row.machine === null || others.length === 0 ? row.status : `${row.status}, on ${row.machine}`],
    ...otherMachines(others),
    ...machineLine(row, others),
    ...(await certificateLines(identity.name, generation?.issued.publicText ?? '', now)),
    ...optional('Backend', row.backend),
    ...optional('Valid', validity(row, now)),
    ...keyLine(row, generation),
    ...optional('Serial', row.serialNumber),
    ...optional('SHA-256', row.fingerprintSha256),
    ...optional('SHA-256 of the key', row.spkiSha256),
    ...(generation?.copies ?? []).map(
      (copy): Line => ['Delivered to', `${copy.path} (${copy.contents.join(', ')}; ${copy.backend})`],
    ),
    ...optional('Renewal', renewal(opened, row, resource?.usable === true ? resource : undefined, now)),
    ...optional('Last', lastAction(events, row.machine)),
    ...optional('Used by', row.consumers.join(', ')),
    ...optional('Owner', [row.owner, row.contact].filter((part) => part !== null).join(', ')),
    ...(resource === undefined ? [] : filledIn(resource, opened.project.workspace.index())),
    ...(await verdict(opened, identity, signal)),
  ];
}

/** What the manifest leaves out, and who says it instead. */
function filledIn(resource: Resource, index: ProjectIndex): readonly Line[] {
  return defaultsFor(resource, index).fields.flatMap(({ path, given }): readonly Line[] => {
    if (given === undefined || resource.find(path) !== undefined) return [];
    const { by, at, value } = given;
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    const line = by.locate(at, 'key').start.line + 1;
    return [['Filled in', `${formatPath(path)}: ${text} (${giverOf(given)}, ${by.file}:${line})`]];
  });
}

function otherMachines(others: readonly InventoryRow[]): readonly Line[] {
  if (others.length === 0) return [];
  const named = others.slice(0, MOST_MACHINES).map(({ machine, status }) => `${machine ?? ''}: ${status}`);
  const more = others.length - named.length;
  return [['Elsewhere', [...named, ...(more > 0 ? [`${more} more`] : [])].join('; ')]];
}

function machineLine(row: InventoryRow, others: readonly InventoryRow[]): readonly Line[] {
  if (row.machine === null) return optional('Machines', row.machines.join(', '));
  return others.length === 0 ? [['Machine', row.machine]] : [];
}

function validity({ notBefore, notAfter }: InventoryRow, now: Date): string | null {
  return notBefore === null || notAfter === null
    ? null
    : `${formatInstant(notBefore)} to ${formatInstant(notAfter)} (${leftText(notAfter, now)})`;
}

function keyLine({ algorithm }: InventoryRow, generation: Generation | undefined): readonly Line[] {
  const { origin, store } = generation?.issued.key ?? {};
  const place =
    store !== undefined ? `in ${store}` : origin === 'machine' ? 'made on the machine' : undefined;
  return optional('Key', [algorithm, place].filter((part) => part !== null && part !== undefined).join(', '));
}

/** When it is due, and whose it is to renew it. */
function renewal(
  { project }: OpenedProject,
  { renewAfter, state, managedBy }: InventoryRow,
  resource: object | undefined,
  now: Date,
): string | undefined {
  if (managedBy !== undefined) return `by ${managedBy}`;
  if (renewAfter === null || resource === undefined) return undefined;
  const declared = resource as IdentityResource;
  if (!isIdentityKind(declared.kind)) return undefined;
  const { renewal } = declarationOf(declared, project.workspace.index());
  const by = renewal.by === 'idac' ? 'idac (idac renew --due, or the lens)' : `its ${renewal.by}`;
  const due = Date.parse(renewAfter) <= now.getTime();
  return state === 'expired' || due
    ? `due since ${formatDay(renewAfter)}, by ${by}`
    : `due on ${formatDay(renewAfter)}, by ${by}`;
}

/** Checks that found everything as it was are no action. */
function lastAction(events: readonly IdentityEvent[], machine: string | null): string | undefined {
  const last = events.findLast((event) => event.type !== 'verified' && (event.machine ?? null) === machine);
  if (last === undefined) return undefined;
  const why = last.because === undefined ? '' : `: ${last.because}`;
  return `${last.type} ${formatInstant(last.at)} by ${last.actor.name}${why}`;
}

/** What policies and rules say of its manifest. */
async function verdict(
  opened: OpenedProject,
  identity: IdentityId,
  signal: AbortSignal,
): Promise<readonly Line[]> {
  const index = opened.project.workspace.index();
  const resource = index.get(identity);
  const document =
    resource && opened.project.workspace.files().get(resource.file)?.documents[resource.documentIndex];
  if (resource === undefined || document === undefined) return [['Manifest', 'none declares it any more']];
  const all = await findingsOfFile(opened, resource.file, { signal, asKnown: true });
  const own = all.filter(
    ({ range, severity }) =>
      severity !== 'info' && range.start.line >= document.startLine && range.start.line <= document.endLine,
  );
  if (own.length === 0) return [['Rules and policies', 'nothing against it']];
  const shown = own.slice(0, MOST_FINDINGS);
  return [
    ['Rules and policies', plural(own.length, 'finding')],
    ...shown.map(({ severity, rule, message }): Line => [severity, `${rule}: ${message}`]),
  ];
}
