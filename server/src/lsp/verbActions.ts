/** Quick fixes that no edit can make: a verb, planned and asked about before anything is done, as its lens does it. */
import {
  type CodeAction,
  CodeActionKind,
  type Command,
  type Diagnostic,
  type Range,
} from 'vscode-languageserver/node';
import type { InventoryRow } from '../app/api.ts';
import { formatIdentity, isIdentityKind, parseIdentity, sameIdentity } from '../core/identity/identityId.ts';
import type { WritingVerb } from '../core/lifecycle/plan.ts';
import type { Resource } from '../core/manifest/resource.ts';
import { comparePositions } from '../core/text/lineIndex.ts';
import type { ActData, DiagnosticData } from './diagnostics.ts';
import type { FileAt } from './fileAt.ts';
import type { Snapshot } from './projectState.ts';
import type { OpenedProject } from './projects.ts';
import type { Session } from './session.ts';
import { offeredVerbs, rowsOfEach } from './standingTitle.ts';
import { verbTitle } from './words.ts';

export interface ActingPlace {
  readonly session: Session;
  readonly opened: OpenedProject;
}

/** What a finding would have done, and for which identity. */
type Wanted = Omit<ActData, 'verbs'>;

/** Of what the diagnostic would have done, that which its identity and its login allow as it was read last. */
export function verbActions(
  place: ActingPlace,
  diagnostic: Diagnostic,
  { acts }: DiagnosticData,
): CodeAction[] {
  if (acts === undefined) return [];
  return offeredActs(place, acts).map((verb) => ({
    ...verbAction(place, verb, acts),
    diagnostics: [diagnostic],
  }));
}

/** Nothing for an identity that no manifest declares, and none that waits for a record. */
export function offeredActs(place: ActingPlace, acts: ActData): readonly WritingVerb[] {
  const snapshot = acting(place);
  const identity = parseIdentity(acts.identity);
  const resource = identity && place.opened.project.workspace.index().get(identity);
  if (snapshot === undefined || resource === undefined || !isIdentityKind(resource.kind)) return [];
  const offered = offeredFor(snapshot, resource, acts.machine);
  return acts.verbs.filter((verb) => offered.includes(verb));
}

/** Where the cursor is in the name of an identity that has nothing in use: no finding says so, for it is no mistake. */
export function issueAction(place: ActingPlace, { file }: FileAt, range: Range): CodeAction[] {
  const snapshot = acting(place);
  if (snapshot === undefined) return [];
  const resource = identitiesIn(file).find((each) => touches(range, each.locate(['metadata', 'name'])));
  if (resource === undefined || !offeredFor(snapshot, resource).includes('issue')) return [];
  return [verbAction(place, 'issue', { identity: formatIdentity(resource.id) })];
}

function verbAction(place: ActingPlace, verb: WritingVerb, wanted: Wanted): CodeAction {
  const { machine, former } = wanted;
  const what = former === true ? ' what was replaced' : '';
  const title = `${verbTitle(verb)}${what}${machine === undefined ? '' : ` on ${machine}`} now…`;
  return {
    title,
    kind: CodeActionKind.QuickFix,
    // Never by a key that takes the preferred fix unseen.
    isPreferred: false,
    command: runCommand(place, verb, wanted, title),
  };
}

/** Plans the verb, asks, and carries it out. */
export function runCommand(
  { opened: { uri } }: ActingPlace,
  verb: WritingVerb,
  { identity, machine, former }: Wanted,
  title: string,
): Command {
  const share = { ...(machine === undefined ? {} : { machine }), ...(former === true ? { former } : {}) };
  return { title, command: 'idac.run', arguments: [{ verb, identity, ...share, uri }] };
}

/** Undefined: nothing is acted on here, or nothing is known yet. No quick fix waits for a record. */
function acting({ session, opened }: ActingPlace): Snapshot | undefined {
  return session.trusted() && opened.project.trusted ? opened.state.latest() : undefined;
}

/** Nothing while an action is unfinished: it would be refused. */
function offeredFor(
  { rows, unfinished }: Snapshot,
  { id }: Resource,
  machine?: string,
): readonly InventoryRow['verbs'][number][] {
  if (unfinished.some(({ plan }) => sameIdentity(plan.identity, id))) return [];
  return offeredVerbs(
    rowsOfEach(rows, [id])(id).filter((row) => machine === undefined || row.machine === machine),
  );
}

function identitiesIn(file: FileAt['file']): readonly Resource[] {
  return file.documents.flatMap(({ resource }) =>
    resource !== undefined && isIdentityKind(resource.kind) ? [resource] : [],
  );
}

/** An end counts as a part of it: a cursor stands between two characters. */
function touches(a: Range, b: Range): boolean {
  return comparePositions(a.start, b.end) <= 0 && comparePositions(b.start, a.end) <= 0;
}
