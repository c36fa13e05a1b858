// A certificate whose key stays in a token, issued by one server and delivered to it: both are signed in to, then it is
// issued, rotated and revoked from its lens.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as ui from './window.mjs';

const FILE = 'hsm.identity.yaml';
const IDENTITY = 'Certificate/payments/api';

export default async function hsm({ page, step, workspace }) {
  const { role_id, secret_id, pin } = JSON.parse(readFileSync(path.join(workspace, '../login.json'), 'utf8'));
  const box = (text) => page.locator('.quick-input-widget', { hasText: text });
  const typeHidden = async (text) => {
    await ui.seen(page.locator('.quick-input-widget input[type=password]'));
    await ui.typeInto(page, text);
  };
  const signedIn = async (backend, stillToDo) => {
    await ui.seen(ui.notification(page, `Signed in to ${backend}`));
    await ui.dismissNotifications(page);
    await ui.openFile(page, FILE);
    await ui.lensesLeft(page, 'Sign in…', stillToDo);
  };
  const done = async (words) => {
    await ui.seen(ui.notification(page, `${words} ${IDENTITY}`));
    await ui.dismissNotifications(page);
  };

  await step('signed in to the server', async () => {
    await ui.openFile(page, FILE);
    await ui.clickLens(page, 'Sign in…');
    await (await ui.dialog(page)).press('Confirm Address');
    await ui.seen(box('Sign in to vault-prod by AppRole'));
    await ui.typeInto(page, role_id);
    await typeHidden(secret_id);
    await signedIn('vault-prod', 1);
  });

  await step('the token is confirmed, and no CA has a part in that; a wrong PIN is told', async () => {
    await ui.clickLens(page, 'Sign in…');
    const dialog = await ui.dialog(page);
    ui.mentions(dialog.text, 'Does backend hsm belong at this address?', 'Type: pkcs11', 'token=test');
    assert.doesNotMatch(dialog.text, /CA:/);
    await dialog.press('Confirm Address');
    await ui.seen(box('Sign in to hsm by User PIN of the token'));
    await typeHidden(`${pin}0`);
    await ui.seen(
      ui.notification(page, /the PIN is wrong \(C_Login: CKR_PIN_INCORRECT\)\. Give the right one/),
    );
    await ui.dismissNotifications(page);
  });

  await step('the right PIN signs in', async () => {
    await ui.openFile(page, FILE);
    await ui.clickLens(page, 'Sign in…');
    await ui.seen(box('Sign in to hsm'));
    await typeHidden(pin);
    await signedIn('hsm', 0);
  });

  await step('Issue names both, and makes the key in the token', async () => {
    await ui.clickLens(page, 'Issue');
    const asked = await ui.dialog(page);
    ui.mentions(asked.text, IDENTITY, 'Backend: hsm', 'Backend: vault-prod');
    ui.mentions(await ui.planOnScreen(page), `issue ${IDENTITY}`, 'make the key', 'hsm');
    await asked.press('Issue');
    await done('Issued');
    await ui.seen(ui.lens(page, /^valid · /));
  });

  await step('Rotate makes another key there', async () => {
    await ui.clickLens(page, 'Rotate');
    const asked = await ui.dialog(page);
    ui.mentions(await ui.planOnScreen(page), 'a new ECDSA-P256 key', 'in hsm');
    await asked.press('Rotate');
    await done('Rotated');
  });

  await step('Revoke wants a reason and the name typed', async () => {
    await ui.clickLens(page, 'Revoke');
    await ui.pick(page, 'No longer needed');
    await (await ui.dialog(page)).press('Revoke…');
    await ui.typeInto(page, 'api');
    await ui.inputTaken(page);
    await ui.seen(ui.lens(page, /^revoked/));
  });
}
