// A sealed store that the command line made with a passphrase: the editor asks when the person acts, once, and from then
// on opens it with a key of its own.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as ui from './window.mjs';

export default async function passphrase({ page, step, workspace }) {
  const right = readFileSync(path.join(workspace, '../passphrase'), 'utf8');

  await step('nobody is asked while only reading', async () => {
    await ui.openFile(page, 'tracking/tracking.identity.yaml');
    await ui.seen(ui.lens(page, /^valid · /));
    assert.equal(await page.locator('.quick-input-widget:visible').count(), 0);
  });

  await step('a wrong passphrase is told, the right one opens', async () => {
    await ui.clickLens(page, 'Rotate');
    await ui.seen(page.locator('.quick-input-widget', { hasText: 'Unlock the sealed store' }));
    await ui.typeInto(page, 'not the passphrase');
    await ui.seen(ui.complaint(page, /does not open|wrong|not the/i));
    await ui.typeInto(page, right);
    await (await ui.dialog(page)).press('Rotate');
    await ui.seen(ui.notification(page, 'tracking-web'));
    await ui.dismissNotifications(page);
  });

  await step('not asked again, also after the server has forgotten everything', async () => {
    await ui.runCommand(page, 'Identity: Restart Language Server');
    await ui.openFile(page, 'tracking/tracking.identity.yaml');
    await ui.clickLens(page, 'Rotate');
    await (await ui.dialog(page)).press('Rotate');
    await ui.seen(ui.notification(page, 'tracking-web'));
    await ui.dismissNotifications(page);
  });

  await step('locked on purpose, it asks before it is opened again', async () => {
    await ui.runCommand(page, 'Identity: Lock Sealed Store');
    await ui.openFile(page, 'tracking/tracking.identity.yaml');
    await ui.clickLens(page, 'Rotate');
    const locked = await ui.dialog(page);
    ui.mentions(locked.text, 'The sealed store is locked.');
    await locked.press('Unlock');
    ui.mentions((await ui.dialog(page)).text, 'Rotate Certificate/tracking/tracking-web?');
  });
}
