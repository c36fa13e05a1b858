import { type CodeLens, CodeLensRequest, type Range } from 'vscode-languageserver/node';
import type { InventoryRow, UnfinishedAction, Verb } from '../../app/api.ts';
import { CERT_MANAGER_CERTIFICATE } from '../../core/identity/certManager.ts';
import { formatIdentity, isIdentityKind, sameIdentity } from '../../core/identity/identityId.ts';
import { VERBS } from '../../core/lifecycle/plan.ts';
import type { ManifestFile } from '../../core/manifest/manifestFile.ts';
import type { Resource } from '../../core/manifest/resource.ts';
import { readFileAt } from '../fileAt.ts';
import type { Snapshot } from '../projectState.ts';
import type { OpenedProject } from '../projects.ts';
import { wantsSignIn } from '../signInOffer.ts';
import { offeredVerbs, rowsOf, stateTitle } from '../standingTitle.ts';
import { type Feature, onRequest } from '../table.ts';
import { verbTitle } from '../words.ts';

/** Above each identity: where it stands, then only the verbs that its backend and its state offer. Above a backend: its login. */
export const codeLens: Feature = {
  capabilities: () => ({ codeLensProvider: { resolveProvider: false } }),
  rows: [
    onRequest(CodeLensRequest.type, async ({ textDocument }, { session, signal }) => {
      if (!session.settings().codeLens.enabled) return [];
      const at = await readFileAt(session, textDocument, signal);
      if (at === undefined) return [];
      const { opened, file } = at;
      const { uri } = textDocument;
      const snapshot = await opened.state.snapshot(signal);
      const acts = session.trusted() && opened.project.trusted;
      const identities = declaredHere(opened, file, isShown).flatMap((resource) =>
        lensesOf(resource, snapshot, { uri, acts, now: session.now() }),
      );
      if (!acts) return identities;
      const backends = declaredHere(opened, file, ({ kind, usable }) => kind === 'Backend' && usable);
      const wanted = await Promise.all(backends.map(({ name }) => wantsSignIn(session, opened, name)));
      return [
        ...identities,
        ...backends.flatMap((resource, place) => backendLenses(resource, wanted[place] === true, uri)),
      ];
    }),
  ],
  start(session) {
    session.onChange((change) => {
      if (change.what === 'world') session.client.refreshLenses();
    });
  },
};

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
  snapshot: Snapshot,
  { uri, acts, now }: { readonly uri: string; readonly acts: boolean; readonly now: Date },
): readonly CodeLens[] {
  const rows = rowsOf(snapshot.rows, resource.id);
  if (rows.length === 0) return [];
  const range = firstLine(resource);
  const identity = formatIdentity(resource.id);
  const lens = (title: string, command: string, argument?: object): CodeLens => ({
    range,
    command: { title, command, ...(argument === undefined ? {} : { arguments: [argument] }) },
  });
  const state = lens(stateTitle(rows, now), '');
  if (!acts) return [state];
  const unfinished = snapshot.unfinished.find((each) => sameIdentity(each.plan.identity, resource.id));
  if (unfinished !== undefined) return [state, ...unfinishedLenses(unfinished, uri, lens)];
  const verbLens = (verb: Verb): CodeLens =>
    verb === 'verify'
      ? lens(verbTitle(verb), 'idac.verify', { identity, uri })
      : lens(verbTitle(verb), 'idac.run', { verb, identity, uri });
  return [state, ...offeredVerbs(rows).map(verbLens), ...deniedLenses(rows, uri, lens)];
}

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
  { plan, running, undoable, undoing }: UnfinishedAction,
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
