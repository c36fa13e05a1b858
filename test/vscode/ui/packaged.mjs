// The package as somebody installs it, in a folder with spaces and letters of the world: what it shows, what it issues, and
// whether it loads the module of a token. `../expected.json` says which package this is.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as ui from './window.mjs';

const MANIFEST = 'tracking/tracking.identity.yaml';
const TOKEN = 'hsm.identity.yaml';

export const options = { viewport: ui.WHOLE_TREE };

export default async function packaged({ page, step, workspace }) {
  const { native, pin } = JSON.parse(readFileSync(path.join(workspace, '../expected.json'), 'utf8'));

  await step('mistakes, lenses and the tree are there', async () => {
    await ui.openFile(page, 'depots/gates.identity.yaml');
    await ui.seen(page.locator('.squiggly-warning').first());
    await ui.openFile(page, MANIFEST);
    await ui.seen(ui.lens(page, /not issued yet/));
    await ui.showExpiry(page);
    await ui.seen(ui.row(page, 'tracking/tracking-web, not issued yet'));
  });

  await step('a certificate is issued', async () => {
    await ui.clickLens(page, 'Issue');
    await (await ui.dialog(page)).press('Issue');
    await ui.seen(ui.notification(page, 'tracking-web'));
    await ui.seen(ui.lens(page, /^valid · /));
    await ui.dismissNotifications(page);
  });

  await step(
    native ? 'the module of a token is loaded' : 'that there is no PKCS#11 here is said',
    async () => {
      await ui.openFile(page, TOKEN);
      await ui.clickLens(page, 'Sign in…');
      await (await ui.dialog(page)).press('Confirm Address');
      await ui.seen(page.locator('.quick-input-widget input[type=password]'));
      await ui.typeInto(page, pin);
      if (!native) {
        await ui.seen(ui.notification(page, "install the extension's package for this system"));
        return;
      }
      await ui.seen(ui.notification(page, 'Signed in to hsm'));
      await ui.dismissNotifications(page);
      await ui.openFile(page, TOKEN);
      await ui.clickLens(page, 'Issue');
      await (await ui.dialog(page)).press('Issue');
      await ui.seen(ui.notification(page, 'signing'));
      await ui.dismissNotifications(page);
    },
  );

  await step('its page says what it is', async () => {
    await ui.runCommand(page, 'Extensions: Show Installed Extensions');
    await page.locator('.extension-list-item', { hasText: 'Identity as Code' }).first().click();
    const readme = page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
    await ui.seen(readme.locator('h1', { hasText: 'Identity as Code' }));
    await ui.seen(readme.locator('h2', { hasText: 'What it does not do' }));
  });
}
