import * as vscode from 'vscode';
import { createFoundLook, type FoundLook, type FoundProject } from '../foundLook.ts';
import { AdoptedRequest, AdoptRequest } from '../foundProtocol.ts';
import { makeFiles } from '../newFiles.ts';
import { isRefusal, type SealedMessage } from '../protocol.ts';
import { sealFilePassphrase } from '../sealing.ts';
import { sealingKey } from '../sealingKey.ts';
import type { Feature, Session } from '../session.ts';
import { type FoundNode, foundSection, isFoundNode } from './foundSection.ts';
import { offer, showRefusal } from './outcome.ts';

/** Below what is declared, and below groups of it. */
const PLACE = 90;

/** What lies in the folder, in the view *Inventory*; and *adopt*, which makes manifests of it. */
export const found: Feature = (session) => {
  const look = createFoundLook(session);
  return vscode.Disposable.from(
    look,
    session.inventorySections.add(foundSection(look), PLACE),
    vscode.commands.registerCommand('identity.moreFound', (root: string) => look.more(root)),
    vscode.commands.registerCommand('identity.refreshFound', () => look.refresh()),
    vscode.commands.registerCommand('identity.copyFoundFingerprint', async (node: unknown) => {
      const fingerprint = isFoundNode(node) ? node.found.item.fingerprintSha256 : null;
      if (fingerprint !== null) await vscode.env.clipboard.writeText(fingerprint);
    }),
    vscode.commands.registerCommand('identity.adopt', (node: unknown, nodes: unknown) => {
      const chosen = (Array.isArray(nodes) ? nodes : [node]).filter(isFoundNode);
      return chosen.length === 0 ? adoptAll(session, look) : adoptNodes(session, look, chosen);
    }),
    vscode.commands.registerCommand('identity.adoptAll', () => adoptAll(session, look)),
  );
};

async function adoptNodes(session: Session, look: FoundLook, nodes: readonly FoundNode[]): Promise<void> {
  const projects = await look.projects();
  for (const project of projects) {
    const wanted = nodes
      .filter(({ found }) => found.root === project.root && found.item.adopt !== null)
      .map(({ found }) => found.item.id);
    if (wanted.length > 0) await adopt(session, look, project, wanted);
  }
}

async function adoptAll(session: Session, look: FoundLook): Promise<void> {
  const { t } = vscode.l10n;
  const projects = (await look.projects()).filter(({ adoptable }) => adoptable > 0);
  if (projects.length === 0) {
    void vscode.window.showInformationMessage(
      t('Nothing that lies in this folder can be adopted, or a manifest declares it already.'),
    );
    return;
  }
  for (const project of projects) await adopt(session, look, project, 'all');
}

async function adopt(
  session: Session,
  look: FoundLook,
  project: FoundProject,
  wanted: readonly string[] | 'all',
): Promise<void> {
  const { t } = vscode.l10n;
  const { client } = session;
  const issuer = await chooseIssuer(project, wanted);
  if (issuer === undefined) return;
  const passphrase = await passphraseFor(session, project, wanted);
  if (passphrase === undefined) return;
  const answer = await client.sendRequest(AdoptRequest, {
    uri: project.root,
    wanted,
    ...(issuer === null ? {} : { issuer }),
    ...passphrase,
  });
  if (isRefusal(answer)) {
    await offer('warning', `${answer.what} ${answer.hint}`.trim(), [
      {
        title: t('Manage Workspace Trust'),
        run: () => vscode.commands.executeCommand('workbench.trust.manage'),
      },
    ]);
    return;
  }
  for (const { title, why } of answer.refused) session.log.info(`${title} was not adopted: ${why}`);
  const [refused] = answer.refused;
  if (answer.adoptions.length === 0 && refused !== undefined) {
    void vscode.window.showWarningMessage(t('{0} was not adopted. {1}', refused.title, refused.why));
    return;
  }
  const files = answer.adoptions.filter(({ writes }) => writes);
  const made =
    answer.edit === null || files.length === 0
      ? []
      : await makeFiles(session, {
          root: vscode.Uri.parse(project.root),
          files,
          edit: answer.edit,
          question:
            files.length === 1
              ? t('Adopt {0}? This manifest is written, and its end is recorded.', files[0]?.title ?? '')
              : t(
                  'Adopt {0} credentials? A manifest of each is written, and its end is recorded.',
                  files.length,
                ),
          action: t('Adopt'),
        });
  if (files.length > 0 && made.length === 0) return;
  const outcome = await client.sendRequest(AdoptedRequest, { uri: project.root });
  look.refresh();
  if (isRefusal(outcome)) {
    await showRefusal(outcome);
    return;
  }
  await offer(
    'info',
    outcome.recorded.length === 1
      ? t('Adopted {0}. Say in its manifest who owns it.', outcome.recorded[0]?.name ?? '')
      : t('Adopted {0} credentials. Say in their manifests who owns them.', outcome.recorded.length),
    made[0] === undefined
      ? []
      : [{ title: t('Open Manifest'), run: () => vscode.window.showTextDocument(made[0] as vscode.Uri) }],
  );
}

/** For what was chosen and is locked; one for all of them. Empty: none is; undefined: the person went away. */
async function passphraseFor(
  { client }: Session,
  { root, items }: FoundProject,
  wanted: readonly string[] | 'all',
): Promise<{ readonly passphrase?: SealedMessage } | undefined> {
  const locked = items.filter(
    ({ id, locked: isLocked }) => isLocked && wanted !== 'all' && wanted.includes(id),
  );
  if (locked.length === 0) return {};
  const names = locked.map(({ title }) => title).join(', ');
  const typed = await vscode.window.showInputBox({
    title: vscode.l10n.t('Passphrase of {0}', names),
    prompt: vscode.l10n.t('It opens what is adopted, once, and is not kept.'),
    password: true,
    ignoreFocusOut: true,
  });
  if (typed === undefined) return undefined;
  return { passphrase: await sealFilePassphrase(sealingKey(client), 'adopt', root, typed) };
}

/** Null: whoever renews it today goes on; undefined: the person went away. */
async function chooseIssuer(
  { issuers, items }: FoundProject,
  wanted: readonly string[] | 'all',
): Promise<string | null | undefined> {
  const { t } = vscode.l10n;
  const kinds = new Set(
    items.filter(({ id }) => wanted === 'all' || wanted.includes(id)).map(({ adopt: kind }) => kind),
  );
  const able = issuers.filter((issuer) => issuer.kinds.some((kind) => kinds.has(kind)));
  if (able.length === 0) return null;
  const asToday = {
    label: t('Whoever renews it today'),
    description: t('it is watched from here, and not renewed'),
    backend: null,
  };
  const chosen = await vscode.window.showQuickPick(
    [
      asToday,
      ...able.map(({ backend }) => ({
        label: backend,
        description: t('the next one comes from this backend'),
        backend,
      })),
    ],
    {
      title: t('Adopt'),
      placeHolder: t('Who renews what no backend here issued?'),
    },
  );
  return chosen?.backend;
}
