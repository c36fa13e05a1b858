import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { State } from 'vscode-languageclient/node';
import { UnlockRequest } from './messages.ts';
import type { UnlockAnswer } from './protocol.ts';
import { fromBase64Url, sealForSession, toBase64Url, utf8 } from './sealing.ts';
import { sealingKey } from './sealingKey.ts';

/**
 * Whether the user's sealed store, where private keys and logins lie, is open in this session.
 * `closed`: not asked for (restricted mode, or locked on purpose).
 */
export type StoreState =
  | { readonly is: 'closed' }
  | { readonly is: 'open'; readonly encrypted: boolean }
  | { readonly is: 'needsPassphrase' }
  | { readonly is: 'failed'; readonly what: string; readonly hint: string };

export interface SealedStore extends vscode.Disposable {
  readonly state: StoreState;
  readonly onDidChange: vscode.Event<void>;
  /**
   * Resolves when nothing is being opened. Once the store is open the server opens its projects anew, so whoever asks for
   * much waits for that and has the answer made once.
   */
  settled(): Promise<void>;
  /**
   * Before an action: opens the store, and asks for the passphrase if nothing else opens it. False: the person gave up, or
   * `state` says why it failed.
   */
  ensureOpen(): Promise<boolean>;
  signIn(): Promise<boolean>;
  /** Starts the server anew, without the key: nothing that it held in memory is left. */
  lock(): Promise<void>;
}

interface StoredKey {
  /** The name of its slot in the sealed store: one for each installation of the editor. */
  readonly name: string;
  /** 32 random bytes, base64url. */
  readonly key: string;
}

const SECRET = 'idac.sealedStoreKey';

export function createSealedStore(
  secrets: vscode.SecretStorage,
  client: LanguageClient,
  log: vscode.LogOutputChannel,
): SealedStore {
  const changed = new vscode.EventEmitter<void>();
  let state: StoreState = { is: 'closed' };
  let locked = false;
  let opening: Promise<void> | undefined;

  const become = (next: StoreState): void => {
    state = next;
    changed.fire();
  };

  const sendKey = async (): Promise<UnlockAnswer> => {
    const { name, key } = await storedKey(secrets);
    return client.sendRequest(
      UnlockRequest,
      await sealForSession(sealingKey(client), { kind: 'key', keyName: name, bytes: fromBase64Url(key) }),
    );
  };
  const sendPassphrase = async (passphrase: string): Promise<UnlockAnswer> =>
    client.sendRequest(
      UnlockRequest,
      await sealForSession(sealingKey(client), { kind: 'passphrase', bytes: utf8(passphrase) }),
    );

  const openWithKey = async (): Promise<void> => {
    try {
      become(stateOf(await sendKey()));
    } catch (error) {
      log.error(`The sealed store could not be opened: ${String(error)}`);
      become({
        is: 'failed',
        what: vscode.l10n.t('The sealed store could not be opened.'),
        hint: vscode.l10n.t('Look at the log, then try to sign in again.'),
      });
    }
  };
  const open = (): Promise<void> => {
    opening ??= openWithKey().finally(() => {
      opening = undefined;
    });
    return opening;
  };
  const openWhenAllowed = (): Promise<void> =>
    vscode.workspace.isTrusted && !locked && client.isRunning() ? open() : Promise.resolve();

  const askForPassphrase = async (): Promise<boolean> => {
    let problem = '';
    for (;;) {
      const passphrase = await vscode.window.showInputBox({
        title: vscode.l10n.t('Unlock the sealed store'),
        prompt: problem || vscode.l10n.t('Asked once: from then on this editor keeps a key of its own.'),
        placeHolder: vscode.l10n.t('Passphrase'),
        password: true,
        ignoreFocusOut: true,
      });
      if (passphrase === undefined) return false;
      const answer = await sendPassphrase(passphrase);
      if (answer.ok) {
        await open();
        return state.is === 'open';
      }
      problem = [answer.what, answer.hint].filter((part) => part !== undefined).join(' ');
    }
  };

  const signIn = async (): Promise<boolean> => {
    locked = false;
    await openWhenAllowed();
    return state.is === 'needsPassphrase' ? askForPassphrase() : state.is === 'open';
  };

  const subscriptions = vscode.Disposable.from(
    changed,
    vscode.workspace.onDidGrantWorkspaceTrust(() => void openWhenAllowed()),
    // A server that was started again has forgotten everything.
    client.onDidChangeState(({ newState }) => {
      become({ is: 'closed' });
      if (newState === State.Running) void openWhenAllowed();
    }),
  );
  return {
    get state() {
      return state;
    },
    onDidChange: changed.event,
    settled: () => opening ?? Promise.resolve(),
    ensureOpen: async () => {
      await opening;
      if (state.is === 'open') return true;
      return (!locked || (await askToUnlock())) && signIn();
    },
    signIn,
    lock: async () => {
      locked = true;
      await client.restart();
    },
    dispose: () => subscriptions.dispose(),
  };
}

/** Locked on purpose, it is not opened in passing. */
async function askToUnlock(): Promise<boolean> {
  const unlock = vscode.l10n.t('Unlock');
  const chosen = await vscode.window.showWarningMessage(
    vscode.l10n.t('The sealed store is locked.'),
    { modal: true, detail: vscode.l10n.t('Private keys and logins are in it; this action needs them.') },
    unlock,
  );
  return chosen === unlock;
}

function stateOf(answer: UnlockAnswer): StoreState {
  if (answer.ok) return { is: 'open', encrypted: answer.encrypted };
  if (answer.needs === 'passphrase') return { is: 'needsPassphrase' };
  return { is: 'failed', what: answer.what ?? '', hint: answer.hint ?? '' };
}

/** Made at the first start and kept by the editor's secret storage; never in a setting or a file of ours. */
async function storedKey(secrets: vscode.SecretStorage): Promise<StoredKey> {
  const stored = parseStoredKey(await secrets.get(SECRET));
  if (stored !== undefined) return stored;
  const random = (length: number): string =>
    toBase64Url(globalThis.crypto.getRandomValues(new Uint8Array(length)));
  const made: StoredKey = { name: `vscode-${globalThis.crypto.randomUUID().slice(0, 8)}`, key: random(32) };
  await secrets.store(SECRET, JSON.stringify(made));
  return made;
}

function parseStoredKey(text: string | undefined): StoredKey | undefined {
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Damaged: it opens nothing any more, and a new one takes its place.
    return undefined;
  }
  return typeof value === 'object' &&
    value !== null &&
    'name' in value &&
    typeof value.name === 'string' &&
    'key' in value &&
    typeof value.key === 'string'
    ? { name: value.name, key: value.key }
    : undefined;
}
