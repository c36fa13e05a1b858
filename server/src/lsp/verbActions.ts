/** Quick fixes that no edit can make: a verb, planned and asked about before anything is done, as its lens does it. */
import { type CodeAction, CodeActionKind, type Diagnostic, type Range } from 'vscode-languageserver/node';
import type { InventoryRow } from '../app/api.ts';
import { formatIdentity, isIdentityKind, sameIdentity } from '../core/identity/identityId.ts';
import type { WritingVerb } from '../core/lifecycle/plan.ts';
import type { Resource } from '../core/manifest/resource.ts';
import type { ActData, DiagnosticData } from './diagnostics.ts';
import type { FileAt } from './fileAt.ts';
import type { Snapshot } from './projectState.ts';
import type { Session } from './session.ts';
import { offeredVerbs, rowsOfEach } from './standingTitle.ts';
import { verbTitle } from './words.ts';

interface Place {
  readonly session: Session;
  readonly at: FileAt;
  readonly uri: string;
}

/** Of what the diagnostic would have done, that which its identity and its login allow as it was read last. */
export function verbActions(place: Place, diagnostic: Diagnostic, { acts }: DiagnosticData): CodeAction[] {
  const snapshot = acting(place);
  if (acts === undefined || snapshot === undefined) return [];
  const resource = identitiesIn(place.at).find(({ id }) => formatIdentity(id) === acts.identity);
  if (resource === undefined) return [];
  const offered = offeredFor(snapshot, resource, acts.machine);
  return acts.verbs
    .filter((verb) => offered.includes(verb))
    .map((verb) => ({ ...verbAction(place, verb, acts), diagnostics: [diagnostic] }));
}

/** Where the cursor is in the name of an identity that has nothing in use: no finding says so, for it is no mistake. */
export function issueAction(place: Place, range: Range): CodeAction[] {
  const snapshot = acting(place);
  if (snapshot === undefined) return [];
  const resource = identitiesIn(place.at).find((each) => touches(range, each.locate(['metadata', 'name'])));
  if (resource === undefined || !offeredFor(snapshot, resource).includes('issue')) return [];
  return [verbAction(place, 'issue', { identity: formatIdentity(resource.id) })];
}

function verbAction(
  { uri }: Place,
  verb: WritingVerb,
  { identity, machine, former }: Pick<ActData, 'identity' | 'machine' | 'former'>,
): CodeAction {
  const share = { ...(machine === undefined ? {} : { machine }), ...(former === true ? { former } : {}) };
  const what = former === true ? ' what was replaced' : '';
  const title = `${verbTitle(verb)}${what}${machine === undefined ? '' : ` on ${machine}`} now…`;
  return {
    title,
    kind: CodeActionKind.QuickFix,
    // Never by a key that takes the preferred fix unseen.
    isPreferred: false,
    command: { title, command: 'idac.run', arguments: [{ verb, identity, ...share, uri }] },
  };
}

/** Undefined: nothing is acted on here, or nothing is known yet. No quick fix waits for a record. */
function acting({ session, at }: Place): Snapshot | undefined {
  return session.trusted() && at.opened.project.trusted ? at.opened.state.latest() : undefined;
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

function identitiesIn({ file }: FileAt): readonly Resource[] {
  return file.documents.flatMap(({ resource }) =>
    resource !== undefined && isIdentityKind(resource.kind) ? [resource] : [],
  );
}

function touches(a: Range, b: Range): boolean {
  return !isBefore(a.end, b.start) && !isBefore(b.end, a.start);
}

function isBefore(a: Range['start'], b: Range['start']): boolean {
  return a.line < b.line || (a.line === b.line && a.character < b.character);
}
