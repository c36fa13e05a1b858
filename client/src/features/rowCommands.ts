import * as vscode from 'vscode';
import { pickRow } from '../pickRow.ts';
import type { Plan, Refusal, Verb, WritingVerb } from '../protocol.ts';
import { isRefusal } from '../protocol.ts';
import { type RowAddress, rowAddress } from '../rowAddress.ts';
import { runWithProgress } from '../runWithProgress.ts';
import type { Feature, Session } from '../session.ts';
import type { RowNode } from '../tree/rowNode.ts';
import type { TreeRow } from '../treeProtocol.ts';
import { verifyEach } from '../verifyEach.ts';
import { showRefusal } from './outcome.ts';

/** Verbs that the command palette and the trees' menus offer, each as `identity.<verb>`. */
const WRITING_VERBS: readonly WritingVerb[] = ['issue', 'renew', 'rotate', 'restore', 'revoke', 'destroy'];

/** Commands for identities: with rows of a tree they act on those, from the palette they ask which one. */
export const rowCommands: Feature = (session) =>
  vscode.Disposable.from(
    ...WRITING_VERBS.map((verb) =>
      onRows(session, `identity.${verb}`, verb, ([row, ...others]) =>
        others.length === 0
          ? vscode.commands.executeCommand('idac.run', { verb, ...rowAddress(row) })
          : vscode.commands.executeCommand('idac.runAll', {
              verb,
              subjects: [row, ...others].map(rowAddress),
            }),
      ),
    ),
    onRows(session, 'identity.verify', 'verify', ([row, ...others]) =>
      others.length === 0
        ? vscode.commands.executeCommand('idac.verify', rowAddress(row))
        : verifyEach(session, [row, ...others]),
    ),
    onRows(session, 'identity.plan', undefined, ([row]) => planOnly(session, row)),
    onRows(session, 'identity.openManifest', undefined, ([row]) => openManifest(session, row)),
    onRows(session, 'identity.copyFingerprint', undefined, (rows) => copyFingerprints(session, rows)),
  );

/** What a command is given by a tree's menu, by a link or a lens; or what was picked. */
type Row = RowAddress | TreeRow;
type Rows = readonly [Row, ...Row[]];

function onRows(
  session: Session,
  command: string,
  verb: Verb | undefined,
  run: (rows: Rows) => unknown,
): vscode.Disposable {
  return vscode.commands.registerCommand(
    command,
    async (given?: RowAddress, selected: readonly (RowAddress & Partial<RowNode>)[] = []) => {
      // A menu on a row that is not selected is about that row alone.
      const rows = selected.filter(({ row }) => row !== undefined && !row.isLogin);
      const able = rows.filter(({ row }) => row !== undefined && can(row, verb));
      // Of a selection the server says what it leaves alone, and why.
      const several = able.length > 0 && verb !== 'verify' ? rows : able;
      const [first = given ?? (await pickRow(session.inventory, verb)), ...others] = several;
      if (first !== undefined) await run([first, ...others]);
    },
  );
}

function can({ verbs }: TreeRow, verb: Verb | undefined): boolean {
  return verb === undefined || verbs.includes(verb);
}

async function planOnly({ client, inventory, plans }: Session, row: Row): Promise<void> {
  const found = await inventory.whole(rowAddress(row));
  const verbs = found?.row.verbs.filter((verb) => verb !== 'verify') ?? [];
  const verb = await vscode.window.showQuickPick(verbs, {
    title: vscode.l10n.t('Plan what for {0}?', nameOf(row)),
    placeHolder: vscode.l10n.t('The plan is shown; nothing is changed.'),
  });
  if (verb === undefined) return;
  const answer = (await runWithProgress(client, 'idac.plan', { verb, ...rowAddress(row) })) as Plan | Refusal;
  if (isRefusal(answer)) await showRefusal(answer);
  else await plans.show(answer);
}

/** Where it is declared now: lines above it may have come since the tree was drawn. */
async function openManifest({ inventory }: Session, row: Row): Promise<void> {
  const found = await inventory.whole(rowAddress(row));
  const place = found?.row.declaredAt;
  if (found === null || place === null || place === undefined) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('No manifest declares {0} any more; only its record is left.', nameOf(row)),
    );
    return;
  }
  const { start, end } = place.range;
  await vscode.window.showTextDocument(vscode.Uri.joinPath(vscode.Uri.parse(found.uri), place.file), {
    selection: new vscode.Range(start.line, start.character, end.line, end.character),
  });
}

async function copyFingerprints({ inventory }: Session, rows: Rows): Promise<void> {
  const found = await Promise.all(rows.map((row) => inventory.whole(rowAddress(row))));
  const fingerprints = found.flatMap((each) => each?.row.fingerprintSha256 ?? []);
  if (fingerprints.length > 0) await vscode.env.clipboard.writeText(fingerprints.join('\n'));
}

function nameOf(row: Row): string {
  const { identity, machine } = rowAddress(row);
  return machine === undefined ? identity : vscode.l10n.t('{0} on {1}', identity, machine);
}
