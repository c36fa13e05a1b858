import * as vscode from 'vscode';
import { InspectMoreRequest, InspectRequest } from './messages.ts';
import type { SealedMessage } from './protocol.ts';
import type { RowAddress } from './rowAddress.ts';
import { sealFilePassphrase } from './sealing.ts';
import { sealingKey } from './sealingKey.ts';
import type { Session } from './session.ts';
import { viewerStrings } from './viewerStrings.ts';
import type { Card, Credentials, More, Owner, Wanted } from './webview/viewer/credential.ts';
import { type FromPage, placeName, readFromPage, type ToPage } from './webview/viewer/messages.ts';
import { showPage } from './webviewPage.ts';

/** A file, or what is recorded of an identity. */
export type Subject =
  | { readonly is: 'file'; readonly uri: vscode.Uri }
  | { readonly is: 'identity'; readonly address: RowAddress; readonly title: string };

/** Several changes on disk come for one writing. */
const PAUSE_MS = 200;

/**
 * Shows credentials in a webview, and again whenever the file, the inventory or the server changed. A passphrase is kept only
 * as it was sealed for this session of the server: nobody but that server can read it.
 */
export function showCredentials(
  webview: vscode.Webview,
  session: Session,
  subject: Subject,
): vscode.Disposable {
  const { client, context, inventory, log } = session;
  let shown: Credentials | undefined;
  let sealed: SealedMessage | undefined;
  let asked = 0;
  /** Places that the server named: the page opens these and no others. */
  const places = new Map<string, { readonly uri: string; readonly selection?: vscode.Range }>();

  const present = (credentials: Credentials): void => {
    shown = credentials;
    places.clear();
    notePlaces(credentials.cards, credentials.deliveredHere);
    page.send({
      type: 'credentials',
      credentials,
      offers: {
        text: subject.is === 'file' && credentials.isText,
        save: credentials.publicText !== null,
      },
    });
  };
  /** While a large workspace is still being read, a file alone is shown at once. */
  const loadAlone = async (turn: number): Promise<void> => {
    const parameters = { ...parametersOf(subject, sealed), alone: true };
    const credentials = await client.sendRequest(InspectRequest, parameters);
    if (turn === asked && shown === undefined) present(credentials);
  };
  const load = async (): Promise<void> => {
    const turn = ++asked;
    if (subject.is === 'file' && subject.uri.scheme !== 'file') {
      // A former version out of git, a file in an archive: the server reads the disk.
      const what = vscode.l10n.t(
        'Only a file on disk is shown here; this is a version of it from elsewhere.',
      );
      page.send({ type: 'failed', what });
      return;
    }
    // That it failed is told by the whole one.
    if (shown === undefined && subject.is === 'file') loadAlone(turn).catch(() => undefined);
    try {
      const credentials = await client.sendRequest(InspectRequest, parametersOf(subject, sealed));
      if (turn === asked) present(credentials);
    } catch (error) {
      if (turn !== asked) return;
      log.warn(`${titleOf(subject)} was not read: ${String(error)}`);
      page.send({
        type: 'failed',
        what: vscode.l10n.t('It cannot be shown now: {0}', error instanceof Error ? error.message : ''),
      });
    }
  };
  const notePlaces = (cards: readonly Card[], others: readonly Owner[]): void => {
    for (const { declaredAt } of [...cards.flatMap(({ belongsTo }) => belongsTo), ...others]) {
      if (declaredAt === null) continue;
      const { start, end } = declaredAt.range;
      places.set(placeName(declaredAt.uri, start.line), {
        uri: declaredAt.uri,
        selection: new vscode.Range(start.line, start.character, end.line, end.character),
      });
    }
    for (const { page: rule } of cards.flatMap(({ findings }) => findings))
      places.set(placeName(rule), { uri: rule });
  };
  const more = async (question: number, wanted: Wanted): Promise<void> => {
    const reading = shown?.reading;
    let answer: More | null = null;
    try {
      if (reading !== null && reading !== undefined)
        answer = await client.sendRequest(InspectMoreRequest, { reading, ...wanted });
    } finally {
      // The page waits for it, whatever happened.
      page.send({ type: 'more', question, more: answer });
    }
    if (answer?.of === 'cards') notePlaces(answer.cards, []);
    if (answer === null) await load();
  };
  const askPassphrase = async (): Promise<void> => {
    if (subject.is !== 'file') return;
    const passphrase = await vscode.window.showInputBox({
      title: vscode.l10n.t('Passphrase of {0}', titleOf(subject)),
      prompt: vscode.l10n.t(
        'It opens the file for this view alone, and is not kept. Private keys are not shown.',
      ),
      password: true,
      ignoreFocusOut: true,
    });
    if (passphrase === undefined) return;
    sealed = await sealFilePassphrase(sealingKey(client), 'inspect', subject.uri.toString(), passphrase);
    await load();
  };
  const open = async (name: string): Promise<void> => {
    const place = places.get(name);
    if (place === undefined) return;
    const target = vscode.Uri.parse(place.uri);
    const { selection } = place;
    if (selection === undefined) await vscode.commands.executeCommand('markdown.showPreview', target);
    else await vscode.window.showTextDocument(target, { selection });
  };
  const received = async (message: FromPage): Promise<void> => {
    switch (message.type) {
      case 'more':
        return more(message.question, message.wanted);
      case 'copy':
        return vscode.env.clipboard.writeText(message.text);
      case 'open':
        return open(message.place);
      case 'passphrase':
        return askPassphrase();
      case 'openAsText':
        if (subject.is === 'file')
          await vscode.commands.executeCommand('vscode.openWith', subject.uri, 'default');
        return;
      case 'save':
        return save(shown?.publicText ?? '', titleOf(subject));
      default:
        message satisfies never;
    }
  };
  const page = showPage<ToPage, FromPage>(webview, context.extensionUri, {
    name: 'viewer',
    title: titleOf(subject),
    strings: viewerStrings(),
    read: readFromPage,
    received: (message) => {
      received(message).catch((error: unknown) => log.error(`The viewer: ${String(error)}`));
    },
    ready: () => {
      page.send({ type: 'about', about: subject.is === 'identity' ? subject.address : null });
      if (shown !== undefined) present(shown);
      void load();
    },
  });
  return vscode.Disposable.from(
    page,
    inventory.onDidChange(() => void load()),
    ...(subject.is === 'file' ? [watch(subject.uri, () => void load())] : []),
    { dispose: () => void ++asked },
  );
}

function parametersOf(subject: Subject, passphrase: SealedMessage | undefined) {
  if (subject.is === 'identity') return subject.address;
  return { uri: subject.uri.toString(), ...(passphrase === undefined ? {} : { passphrase }) };
}

function titleOf(subject: Subject): string {
  return subject.is === 'identity' ? subject.title : (subject.uri.path.split('/').at(-1) ?? '');
}

/** Of the folder, since a file's name may hold what a pattern takes for its own. */
function watch(uri: vscode.Uri, changed: () => void): vscode.Disposable {
  const folder = vscode.Uri.joinPath(uri, '..');
  const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, '*'));
  let pause: NodeJS.Timeout | undefined;
  const met = (other: vscode.Uri): void => {
    if (other.path !== uri.path) return;
    clearTimeout(pause);
    pause = setTimeout(changed, PAUSE_MS);
  };
  return vscode.Disposable.from(
    watcher,
    watcher.onDidChange(met),
    watcher.onDidCreate(met),
    watcher.onDidDelete(met),
    { dispose: () => clearTimeout(pause) },
  );
}

/** What is public of it, as it was recorded. */
async function save(text: string, title: string): Promise<void> {
  if (text === '') return;
  const extension = text.startsWith('-----BEGIN') ? 'pem' : 'pub';
  const name = `${title.split(' ')[0]?.split('/').at(-1) ?? 'certificate'}.${extension}`;
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const target = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Save What Is Public of {0}', title),
    ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, name) }),
    filters: { [vscode.l10n.t('Certificates and public keys')]: [extension] },
  });
  if (target !== undefined) await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(text));
}
