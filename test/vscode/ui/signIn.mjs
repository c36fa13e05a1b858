// A backend that wants a login: its address is confirmed, a wrong secret is told and not kept, the right one signs in, and
// then a certificate is issued there.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as ui from './window.mjs';

// The row of the login is not the first one.
export const options = { viewport: ui.WHOLE_TREE };
const FILE = 'vault.identity.yaml';

export default async function signIn({ page, step, workspace }) {
  const { role_id, secret_id, address } = JSON.parse(
    readFileSync(path.join(workspace, '../login.json'), 'utf8'),
  );
  const box = (text) => page.locator('.quick-input-widget', { hasText: text });
  const typeLogin = async (secret) => {
    await ui.seen(box('Sign in to vault-prod by AppRole'));
    await ui.typeInto(page, role_id);
    await ui.seen(page.locator('.quick-input-widget input[type=password]'));
    await ui.typeInto(page, secret);
  };

  await step('its check says what is missing', async () => {
    await ui.openFile(page, FILE);
    await ui.clickLens(page, 'Check connection');
    await ui.seen(ui.notification(page, 'nobody has confirmed'));
    await ui.dismissNotifications(page);
  });

  await step('the address is confirmed before anything is typed; a wrong secret is told', async () => {
    await ui.openFile(page, FILE);
    await ui.clickLens(page, 'Sign in…');
    const dialog = await ui.dialog(page);
    ui.mentions(dialog.text, 'Does backend vault-prod belong at this address?', address, 'Type: vault');
    await dialog.press('Confirm Address');
    await typeLogin('not-this-secret');
    await ui.seen(ui.notification(page, 'refuses the login by approle'));
    await ui.dismissNotifications(page);
  });

  await step('the right one signs in, from the palette', async () => {
    await ui.runCommand(page, 'Identity: Sign In to Backend…');
    await ui.pick(page, 'vault-prod');
    await typeLogin(secret_id);
    await ui.seen(ui.notification(page, 'the login is kept sealed'));
    await ui.dismissNotifications(page);
    await ui.openFile(page, FILE);
    await page
      .locator('.codelens-decoration a', { hasText: /^Sign in…$/ })
      .first()
      .waitFor({ state: 'detached', timeout: 60_000 });
  });

  await step('the login stands in the expiry tree, and is checked from there', async () => {
    await ui.showExpiry(page);
    const login = ui.row(page, 'Login vault-prod, has no end');
    await ui.seen(login);
    const offered = await ui.contextMenu(page, login);
    ui.mentions(offered.items.join(' '), 'Sign In to Backend', 'Check Connection');
    await page.keyboard.press('Escape');
  });

  await step('a certificate is issued there', async () => {
    await ui.openFile(page, FILE);
    await ui.clickLens(page, 'Issue');
    await (await ui.dialog(page)).press('Issue');
    await ui.seen(ui.notification(page, 'Issued Certificate/payments/api'));
  });
}
