// Somebody opens a folder that has certificates and keys, and no manifest: sees them, adopts them, declares another one, is shown around.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as ui from './window.mjs';

export const options = { trusted: true, viewport: { width: 1600, height: 1000 } };

export default async function firstRun({ page, workspace, step }) {
  const pictures = path.resolve(import.meta.dirname, '../../out/first-run');
  mkdirSync(pictures, { recursive: true });
  const take = (name) =>
    page.screenshot({ path: path.join(pictures, `${name}.png`), animations: 'disabled' });
  const openssl = (...args) => execFileSync('openssl', args, { cwd: workspace, encoding: 'utf8' });

  await step('the view says that something can be adopted', async () => {
    await ui.showExpiry(page);
    const adopt = page.locator('.sidebar .monaco-button', { hasText: 'Adopt What Was Found' });
    await ui.seen(adopt.first());
    await take('welcome');
  });

  await step('the inventory shows what lies in the folder', async () => {
    await page.locator('.sidebar .monaco-button', { hasText: 'Look at It First' }).first().click();
    await ui.seen(ui.row(page, 'Found in this folder: '));
    // Rows that are not on the screen do not exist: the whole side bar is for them.
    await page.locator('.sidebar .pane-header[aria-label^="Expiry"]').first().click();
    await ui.seen(ui.row(page, 'shop.example.com, Certificate, expires in 89 days'));
    await ui.seen(ui.row(page, 'soon.example.com, Certificate, expires in 4 days'));
    await ui.seen(ui.row(page, 'Shop Root, Certificate authority'));
    await ui.seen(ui.row(page, 'store.p12, Key store'));
    await take('found');
    await ui.row(page, 'Shop Root, Certificate authority').click();
    await ui.seen(page.locator('.tab.active[data-resource-name="root.crt"]').first());
    await ui.seen(ui.webview(page).getByText('Shop Root').first());
    await take('viewer');
  });

  await step('one is adopted, and nothing is there before it was confirmed', async () => {
    const menu = await ui.contextMenu(page, ui.row(page, 'shop.example.com, Certificate'));
    assert.ok(
      menu.items.some((item) => item.startsWith('Adopt')),
      menu.items.join(', '),
    );
    await menu.choose('Adopt');
    const asked = await ui.dialog(page);
    ui.mentions(
      asked.text,
      'Adopt shop.example.com?',
      'renewal: { by: machine }',
      'dnsNames: [shop.example.com',
    );
    await take('preview');
    assert.ok(!existsSync(path.join(workspace, 'identities')));
    await asked.press('Adopt');
    await ui.seen(ui.notification(page, 'Adopted shop-example-com'));
    await page.locator('.notifications-toasts .monaco-button', { hasText: 'Open Manifest' }).first().click();
    await ui.seen(ui.lens(page, /^valid · 89 days left/));
    await ui.seen(ui.row(page, 'Certificate, 1 identity'));
    await take('adopted');
    await ui.dismissNotifications(page);
    const end = new Date(
      openssl('x509', '-in', 'tls/shop.crt', '-noout', '-enddate').trim().replace('notAfter=', ''),
    );
    const [folder] = ['default/Certificate/shop-example-com'];
    assert.ok(existsSync(path.join(workspace, '.identity/records', folder)), 'it is recorded');
    assert.match(
      readFileSync(path.join(workspace, 'identities/shop-example-com.identity.yaml'), 'utf8'),
      /duration: 90d/,
    );
    assert.ok(end > new Date());
  });

  let found;
  await step('another one is looked at in the preview of changes, ticked there, and applied', async () => {
    found = await ui.row(page, 'Found in this folder: ').getAttribute('aria-label');
    const manifest = path.join(workspace, 'identities/soon-example-com.identity.yaml');
    const menu = await ui.contextMenu(page, ui.row(page, 'soon.example.com, Certificate, expires'));
    await menu.choose('Adopt');
    await (await ui.dialog(page)).press('Preview Changes…');
    const preview = await ui.seen(page.locator('.bulk-edit-panel'));
    await ui.seen(preview.locator('.monaco-list-row', { hasText: 'soon-example-com.identity.yaml' }).first());
    await take('changes');
    assert.ok(!existsSync(manifest), 'nothing is written while it is looked at');
    await preview.locator('.monaco-list-row .edit-checkbox').first().check();
    await preview.locator('.monaco-button', { hasText: 'Apply' }).click();
    await ui.seen(ui.notification(page, 'Adopted soon-example-com'));
    assert.ok(existsSync(manifest));
    await page.locator('.notifications-toasts .monaco-button', { hasText: 'Open Manifest' }).first().click();
    await ui.seen(ui.lens(page, /^(valid|expires|due)/));
    await ui.dismissNotifications(page);
  });

  await step('one undo takes it away again, and it can be adopted as before', async () => {
    await ui.seen(page.locator('.tab.active[data-resource-name="soon-example-com.identity.yaml"]'));
    await page.locator('.editor-instance .view-lines').first().click();
    await ui.seen(page.locator('.editor-instance .monaco-editor.focused'));
    const manifest = path.join(workspace, 'identities/soon-example-com.identity.yaml');
    // A key that is pressed while the editor is still being filled is lost.
    for (let press = 0; press < 10 && existsSync(manifest); press += 1) {
      await page.keyboard.press('Control+z');
      await page.waitForTimeout(3000);
    }
    assert.ok(!existsSync(manifest));
    await ui.seen(ui.row(page, 'Certificate, 1 identity'));
    await ui.seen(ui.row(page, found));
    await take('undone');
    const menu = await ui.contextMenu(page, ui.row(page, 'soon.example.com, Certificate, expires'));
    assert.ok(
      menu.items.some((item) => item.startsWith('Adopt')),
      menu.items.join(', '),
    );
    await page.keyboard.press('Escape');
  });

  await step('a wizard declares another one, step by step and back', async () => {
    await ui.runCommand(page, 'Identity: New Identity');
    await ui.pick(page, 'Certificate');
    await ui.seen(page.locator('.quick-input-widget', { hasText: '2/9' }));
    await ui.typeInto(page, 'Not A Name');
    await ui.seen(ui.complaint(page, 'write "not-a-name"'));
    await take('wizard');
    await ui.typeInto(page, 'api');
    await ui.seen(page.locator('.quick-input-widget', { hasText: '3/9' }));
    await page.locator('.quick-input-widget .codicon-quick-input-back').first().click();
    await ui.seen(page.locator('.quick-input-widget', { hasText: '2/9' }));
    await page.keyboard.press('Enter');
    await ui.seen(page.locator('.quick-input-widget', { hasText: '3/9' }));
    await ui.typeInto(page, 'api.example.com');
    await ui.seen(page.locator('.quick-input-widget', { hasText: '4/9' }));
    await ui.pick(page, 'local-ca');
    await ui.seen(page.locator('.quick-input-widget', { hasText: '5/9' }));
    await page.keyboard.press('Enter');
    await ui.seen(page.locator('.quick-input-widget', { hasText: '6/9' }));
    await ui.typeInto(page, 'shop');
    await ui.seen(page.locator('.quick-input-widget', { hasText: '7/9' }));
    await ui.typeInto(page, 'shop@example.com');
    await ui.seen(page.locator('.quick-input-widget', { hasText: '8/9' }));
    await ui.pick(page, 'tls/api.pem');
    await ui.seen(page.locator('.quick-input-widget', { hasText: '9/9' }));
    await page.keyboard.press('Enter');
    const asked = await ui.dialog(page);
    await take('write');
    await asked.press('Write');
    await page
      .locator('.tab.active[data-resource-name="api.identity.yaml"]')
      .first()
      .waitFor({ timeout: 60_000 });
    await ui.seen(page.locator('.codelens-decoration a', { hasText: /^Issue$/ }).first());
    await ui.seen(ui.row(page, 'Certificate, 2 identities'));
    await take('declared');
    assert.match(
      readFileSync(path.join(workspace, 'backends/local-ca.identity.yaml'), 'utf8'),
      /type: local/,
    );
  });

  await step('the walkthrough opens', async () => {
    await ui.runCommand(page, 'Welcome: Open Walkthrough');
    await ui.pick(page, 'Get Started with Machine Identities');
    await ui.seen(page.locator('.getting-started-step', { hasText: 'Declare the first identity' }).first());
    await page.locator('.getting-started-step', { hasText: 'See what is there' }).first().click();
    await ui.seen(page.locator('.getting-started-media').first());
    await take('walkthrough');
  });
}
