import { type CodeLens, CodeLensRequest, type Range } from 'vscode-languageserver/node';
import type { InventoryRow, UnfinishedAction, Verb } from '../../app/api.ts';
import { CERT_MANAGER_CERTIFICATE } from '../../core/identity/certManager.ts';
import { formatIdentity, isIdentityKind, sameIdentity } from '../../core/identity/identityId.ts';
import { VERBS } from '../../core/lifecycle/plan.ts';
import type { ManifestFile } from '../../core/manifest/manifestFile.ts';
import type { Resource } from '../../core/manifest/resource.ts';
import { registersLenses } from '../client.ts';
import { readFileAt } from '../fileAt.ts';
import type { Snapshot } from '../projectState.ts';
import type { OpenedProject } from '../projects.ts';
import { secretLenses } from '../secrets/secretLenses.ts';
import type { Session } from '../session.ts';
import type { LensSettings } from '../settings.ts';
import { wantedSignIn, wantsSignIn } from '../signInOffer.ts';
import { offeredVerbs, rowsOfEach, stateTitle } from '../standingTitle.ts';
import { type Feature, onRequest } from '../table.ts';
import { verbTitle } from '../words.ts';

export const CODE_LENSES = { resolveProvider: false } as const;

/**
 * Above each identity: where it stands, then only the verbs that its backend and its state offer. Above a backend: its login.
 * At once, out of what was read last: no lens waits for a record, for git or for a backend. Each kind can be switched off.
 */
export const codeLens: Feature = {
  capabilities: (client) => (registersLenses(client) ? {} : { codeLensProvider: CODE_LENSES }),
  rows: [
    onRequest(CodeLensRequest.type, async ({ textDocument }, { session, signal }) => {
      const { codeLens: wanted } = session.settings();
      const ofKeys = secretLenses(session, textDocument.uri);
      if (!wanted.enabled || !(await isOpened(session, textDocument.uri, signal))) return [...ofKeys];
      const at = await readFileAt(session, textDocument, signal);
      if (at === undefined) return [...ofKeys];
      const { opened, file } = at;
      const { uri } = textDocument;
      const snapshot = opened.state.latest();
      const acts = session.trusted() && opened.project.trusted;
      const identities = declaredHere(opened, file, isShown);
      if (snapshot === undefined) {
        tellWhenRead(session, opened);
        return [...(wanted.state ? identities.map(waitingLens) : []), ...ofKeys];
      }
      const rowsOf = rowsOfEach(
        snapshot.rows,
        identities.map(({ id }) => id),
      );
      const context = { uri, acts, now: session.now(), wanted };
      const backends =
        acts && wanted.backends
          ? declaredHere(opened, file, ({ kind, usable }) => kind === 'Backend' && usable)
          : [];
      lookAgain(session, opened, backends);
      return [
        ...identities.flatMap((resource) => lensesOf(resource, rowsOf(resource.id), snapshot, context)),
        ...backends.flatMap((resource) =>
          backendLenses(resource, wantedSignIn(session, opened, resource.name), uri),
        ),
        ...ofKeys,
      ];
    }),
  ],
  start(session) {
    session.onChange((change) => {
      if (change.what === 'world') session.client.refreshLenses();
    });
  },
};

/** Who is told when there is more to see need not wait for it. */
async function isOpened(session: Session, uri: string, signal: AbortSignal): Promise<boolean> {
  if (session.client.refreshesLenses) return session.projects.openedAt(uri) !== undefined;
  const opened = await session.projects.at(uri);
  await opened?.state.snapshot(signal);
  return opened !== undefined;
}

/** Asked once for each project: until then its lenses only keep their place. */
const asked = new WeakSet<OpenedProject>();

function tellWhenRead(session: Session, opened: OpenedProject): void {
  if (asked.has(opened)) return;
  asked.add(opened);
  opened.state
    .snapshot(new AbortController().signal)
    .then(() => session.client.refreshLenses())
    // That it could not be read was told where it was read.
    .catch(() => undefined)
    .finally(() => asked.delete(opened));
}

const looking = new WeakSet<OpenedProject>();

/**
 * A login may come or go without a word, as when the command line forgets it or the file of a CA changes. What is on the
 * screen is looked at again behind its lens; only where that says something else, lenses are asked for once more.
 */
function lookAgain(session: Session, opened: OpenedProject, backends: readonly Resource[]): void {
  if (backends.length === 0 || looking.has(opened)) return;
  looking.add(opened);
  const differs = async (): Promise<boolean> => {
    for (const { name } of backends)
      if ((await wantsSignIn(session, opened, name)) !== wantedSignIn(session, opened, name)) return true;
    return false;
  };
  differs()
    .then(async (changed) => {
      looking.delete(opened);
      if (changed) await session.projects.worldChanged(opened);
    })
    .catch((error: unknown) => session.client.log(`logins: ${String(error)}`))
    .finally(() => looking.delete(opened));
}

function waitingLens(resource: Resource): CodeLens {
  return { range: firstLine(resource), command: { title: 'reading its record…', command: '' } };
}

interface LensContext {
  readonly uri: string;
  readonly acts: boolean;
  readonly now: Date;
  readonly wanted: LensSettings;
}

/** What cert-manager keeps has a line that says so, and no verbs. */
function isShown({ kind }: Resource): boolean {
  return isIdentityKind(kind) || kind === CERT_MANAGER_CERTIFICATE;
}

/** Of two manifests with the same identity the first one counts; the other has its finding. */
function declaredHere(
  opened: OpenedProject,
  file: ManifestFile,
  counts: (resource: Resource) => boolean,
): readonly Resource[] {
  const index = opened.project.workspace.index();
  return file.documents.flatMap(({ resource }) => {
    if (resource === undefined || !counts(resource)) return [];
    const first = index.get(resource.id);
    return first?.file === resource.file && first.documentIndex === resource.documentIndex ? [resource] : [];
  });
}

function lensesOf(
  resource: Resource,
  rows: readonly InventoryRow[],
  { unfinished: actions }: Snapshot,
  { uri, acts, now, wanted }: LensContext,
): readonly CodeLens[] {
  if (rows.length === 0) return [];
  const range = firstLine(resource);
  const identity = formatIdentity(resource.id);
  const lens = (title: string, command: string, argument?: object): CodeLens => ({
    range,
    command: { title, command, ...(argument === undefined ? {} : { arguments: [argument] }) },
  });
  // Where verbs are missing, the line says why.
  const why = acts ? '' : ' · restricted mode: nothing is run';
  const state = wanted.state ? [lens(`${stateTitle(rows, now)}${why}`, '')] : [];
  if (!acts) return state;
  const unfinished = actions.find((each) => sameIdentity(each.plan.identity, resource.id));
  // Its verbs would be refused until that is finished.
  if (unfinished !== undefined)
    return [...state, ...(wanted.unfinished ? unfinishedLenses(unfinished, uri, lens) : [])];
  const verbLens = (verb: Verb): CodeLens =>
    verb === 'verify'
      ? lens(verbTitle(verb), 'idac.verify', { identity, uri })
      : lens(verbTitle(verb), 'idac.run', { verb, identity, uri });
  const verbs = offeredVerbs(rows).filter((verb) =>
    ENDING.includes(verb) ? wanted.destructive : wanted.lifecycle,
  );
  return [...state, ...verbs.map(verbLens), ...(wanted.backends ? deniedLenses(rows, uri, lens) : [])];
}

/** Verbs that end a credential. */
const ENDING: readonly Verb[] = ['revoke', 'destroy'];

/** What a login may not do is not offered; why, one line for each backend says, which leads to another look. */
function deniedLenses(
  rows: readonly InventoryRow[],
  uri: string,
  lens: (title: string, command: string, argument?: object) => CodeLens,
): readonly CodeLens[] {
  const denied = rows.flatMap((row) => row.denied ?? []);
  return [...new Set(denied.map(({ backend }) => backend))].map((backend) => {
    const verbs = VERBS.filter((verb) =>
      denied.some((each) => each.backend === backend && each.verb === verb),
    );
    const title = `${backend}: not allowed to ${verbs.join(', ')} — Check connection`;
    return lens(title, 'idac.checkConnection', { backend, uri });
  });
}

function backendLenses(resource: Resource, wantsLogin: boolean, uri: string): readonly CodeLens[] {
  const range = firstLine(resource);
  const lens = (title: string, command: string): CodeLens => ({
    range,
    command: { title, command, arguments: [{ backend: resource.name, uri }] },
  });
  return [
    ...(wantsLogin ? [lens('Sign in…', 'idac.login')] : []),
    lens('Check connection', 'idac.checkConnection'),
  ];
}

function unfinishedLenses(
  { plan, running, undoable, undoing, abandonable }: UnfinishedAction,
  uri: string,
  lens: (title: string, command: string, argument?: object) => CodeLens,
): readonly CodeLens[] {
  const verb = `${verbTitle(plan.verb)}${plan.machine === undefined ? '' : ` on ${plan.machine}`}`;
  if (running) return [lens(`${verb} is running`, '')];
  const argument = (how: 'forward' | 'undo') => ({ planId: plan.id, how, uri });
  return [
    lens(`${verb} is ${undoing ? 'not wholly taken back' : 'unfinished'}`, ''),
    lens('Resume', 'idac.resume', argument('forward')),
    ...(undoable && !undoing ? [lens('Undo', 'idac.resume', argument('undo'))] : []),
    ...(abandonable ? [lens('Abandon…', 'idac.abandon', { planId: plan.id, uri })] : []),
  ];
}

/** The line where the manifest begins, so that the lens stands above all of it. */
function firstLine(resource: Resource): Range {
  return (
    resource.find(['apiVersion'], 'key') ??
    resource.find(['kind'], 'key') ??
    resource.locate(['metadata', 'name'])
  );
}
