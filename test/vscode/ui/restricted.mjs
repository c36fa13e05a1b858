// A folder that nobody has trusted: it is read, and nothing in it is acted on, until the person trusts it.
import assert from 'node:assert/strict';
import * as ui from './window.mjs';

export const options = { trusted: false, viewport: ui.WHOLE_TREE };

export default async function restricted({ page, step }) {
  await step('mistakes are found and states are shown', async () => {
    await ui.openFile(page, 'depots/gates.identity.yaml');
    await ui.seen(page.locator('.squiggly-warning').first());
    await ui.seen(ui.lens(page, /not issued yet/));
    await ui.showExpiry(page);
    await ui.seen(ui.row(page, 'payments/payments-api, not issued yet'));
    await ui.seen(page.locator('.sidebar', { hasText: 'Restricted mode' }).first());
  });

  await step('no verb is offered', async () => {
    assert.equal(await page.locator('.codelens-decoration a', { hasText: /^Issue$/ }).count(), 0);
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
  });
}
