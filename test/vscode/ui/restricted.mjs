// A folder that nobody has trusted: it is read, and nothing in it is acted on, until the person trusts it.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import * as ui from './window.mjs';

export const options = { trusted: false, viewport: ui.WHOLE_TREE };

export default async function restricted({ page, step, workspace }) {
  await step('mistakes are found and states are shown', async () => {
    await ui.openFile(page, 'depots/gates.identity.yaml');
    await ui.seen(page.locator('.squiggly-warning').first());
    await ui.seen(ui.lens(page, /not issued yet/));
    await ui.showExpiry(page);
    await ui.seen(ui.row(page, 'payments/payments-api, not issued yet'));
    await ui.seen(page.locator('.sidebar', { hasText: 'Restricted mode' }).first());
  });

  await step(
    'no verb is offered, neither above the manifest nor in the tree, and each place says why',
    async () => {
      assert.equal(await page.locator('.codelens-decoration a', { hasText: /^Issue$/ }).count(), 0);
      await ui.seen(ui.lens(page, /^not issued yet · .+ · restricted mode: nothing is run$/));
      const menu = await ui.contextMenu(page, ui.row(page, 'payments/payments-api, not issued yet'));
      assert.ok(menu.items.includes('Open Manifest'), menu.items.join(', '));
      for (const verb of ['Show Plan…', 'Issue…', 'Verify'])
        assert.ok(!menu.items.includes(verb), menu.items.join(', '));
      await page.keyboard.press('Escape');
      await (await ui.seen(page.locator('#status\\.languageStatus').first())).hover();
      await ui.seen(page.locator('.monaco-hover', { hasText: 'Restricted mode' }).first());
      await ui.runCommand(page, 'Identity: Issue');
      await ui.pick(page, 'Certificate/payments/payments-api');
      await ui.seen(ui.notification(page, 'not trusted'));
      await ui.dismissNotifications(page);
    },
  );

  await step('no backend is looked at', async () => {
    await ui.foldView(page, 'Expiry');
    await ui.unfoldView(page, 'Backends');
    await ui.seen(
      ui.row(page, 'Backend internal-ca, Embedded backend, not looked at: the folder is not trusted'),
    );
    await ui.foldView(page, 'Backends');
    await ui.unfoldView(page, 'Expiry');
  });

  await step('nothing was written', () => {
    for (const made of ['.identity/records', 'pki', 'deploy'])
      assert.ok(!existsSync(path.join(workspace, made)), `${made} was made`);
  });

  await step('trusted, the verbs come', async () => {
    await ui.runCommand(page, 'Workspaces: Manage Workspace Trust');
    await page
      .locator('.workspace-trust-editor .monaco-button', { hasText: /^Trust$/ })
      .first()
      .click();
    await page
      .locator('.sidebar', { hasText: 'Restricted mode' })
      .first()
      .waitFor({ state: 'detached', timeout: 60_000 });
    await ui.openFile(page, 'depots/gates.identity.yaml');
    await ui.seen(page.locator('.codelens-decoration a', { hasText: /^Issue$/ }).first());
    const menu = await ui.contextMenu(
      page,
      await ui.seen(ui.row(page, 'payments/payments-api, not issued yet')),
    );
    assert.ok(menu.items.includes('Issue…'), menu.items.join(', '));
    await page.keyboard.press('Escape');
  });

  await step('and are carried out', async () => {
    await ui.openFile(page, 'tracking/tracking.identity.yaml');
    await ui.clickLens(page, 'Issue');
    await (await ui.dialog(page)).press('Issue');
    await ui.seen(ui.notification(page, 'tracking-web'));
    await ui.seen(ui.row(page, 'tracking/tracking-web, expires in'));
  });
}
