import * as vscode from 'vscode';
import { SignInRequest } from '../messages.ts';
import type { LoginField, SignInAnswer, SignInParams } from '../protocol.ts';
import { sealLogin } from '../sealing.ts';
import { sealingKey } from '../sealingKey.ts';
import type { Feature } from '../session.ts';

/** First the address, with whom is trusted there; only then what is secret. It leaves this process sealed to the question. */
export const signInDialog: Feature = ({ client }) =>
  client.onRequest(SignInRequest, async (params, cancel): Promise<SignInAnswer> => {
    if (!params.current && !(await confirmAddress(params))) return { confirmed: false };
    if (params.login === null) return { confirmed: true };
    const values: Record<string, string> = {};
    const { fields } = params.login;
    for (const [place, field] of fields.entries()) {
      // One that may stand in its place was given.
      if (field.insteadOf !== undefined && (values[field.insteadOf] ?? '').trim() !== '') continue;
      const other = fields.find(({ insteadOf }) => insteadOf === field.name);
      const value = await askField(params, field, other, place + 1, cancel);
      if (value === undefined) return { confirmed: false };
      values[field.name] = value;
    }
    return { confirmed: true, sealed: await sealLogin(sealingKey(client), params.question, values) };
  });

async function confirmAddress(params: SignInParams): Promise<boolean> {
  const { t } = vscode.l10n;
  const yes = t('Confirm Address');
  const detail = [
    t('Type: {0}', params.type),
    t('Address: {0}', params.address),
    ...whoIsTrusted(params),
    ...(params.confirmed === null ? [] : [t('Confirmed before: {0}', params.confirmed)]),
    '',
    t('The manifest says so. Your login is given to this address, and to no other until you confirm it.'),
  ];
  const chosen = await vscode.window.showWarningMessage(
    t('Does backend {0} belong at this address?', params.backend),
    { modal: true, detail: detail.join('\n') },
    yes,
  );
  return chosen === yes;
}

/** A CA vouches for a server that is reached over TLS; a token and a server on this machine have none. */
function whoIsTrusted({ address, trust }: SignInParams): readonly string[] {
  const { t } = vscode.l10n;
  if (trust !== null) return [t('CA: a file of the project, SHA-256 {0}', trust)];
  return address.startsWith('https:') ? [t('CA: those that this system trusts')] : [];
}

/** Certificates and keys have several lines, which a box does not take: those are read from a file. */
function askField(
  { backend, login }: SignInParams,
  { title, description, secret, optional }: LoginField,
  other: LoginField | undefined,
  step: number,
  cancel: vscode.CancellationToken,
): Promise<string | undefined> {
  const { t } = vscode.l10n;
  const box = vscode.window.createInputBox();
  const fromFile = { iconPath: new vscode.ThemeIcon('file'), tooltip: t('Read It from a File') };
  box.title = t('Sign in to {0} by {1}', backend, login?.title ?? '');
  box.prompt = description;
  box.placeholder =
    other !== undefined
      ? t('{0} (leave empty to give: {1})', title, other.title)
      : optional === true
        ? t('{0} (may be left empty)', title)
        : title;
  box.password = secret;
  box.ignoreFocusOut = true;
  box.step = step;
  box.totalSteps = login?.fields.length ?? 1;
  box.buttons = [fromFile];
  return new Promise<string | undefined>((resolve, reject) => {
    let reading = false;
    box.onDidAccept(() => {
      if (box.value.trim() !== '' || optional === true || other !== undefined) resolve(box.value);
      else box.validationMessage = t('It is empty.');
    });
    box.onDidTriggerButton(async () => {
      reading = true;
      try {
        const [file] = (await vscode.window.showOpenDialog({ title })) ?? [];
        if (file === undefined) {
          reading = false;
          box.show();
          return;
        }
        resolve(new TextDecoder().decode(await vscode.workspace.fs.readFile(file)));
      } catch (error) {
        reject(error);
      }
    });
    box.onDidHide(() => {
      if (!reading) resolve(undefined);
    });
    cancel.onCancellationRequested(() => resolve(undefined));
    box.show();
  }).finally(() => box.dispose());
}
