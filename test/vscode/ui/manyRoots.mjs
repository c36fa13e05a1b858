// Two folders in one window, on another machine than the window: each is a project of its own, and where it all runs is said.
import assert from 'node:assert/strict';
import * as ui from './window.mjs';

export const options = { viewport: ui.WHOLE_TREE };

export default async function manyRoots({ page, step }) {
  await step('both folders are checked, and both are in the tree', async () => {
    await ui.showExpiry(page);
    await ui.seen(ui.row(page, 'tracking/tracking-web, not issued yet'));
    await ui.seen(ui.row(page, 'shop/web, not issued yet'));
  });

  await step('what is issued in one leaves the other alone', async () => {
    await ui.openFile(page, 'shop.identity.yaml');
    await ui.clickLens(page, 'Issue');
    await (await ui.dialog(page)).press('Issue');
    await ui.seen(ui.notification(page, 'shop/web'));
    await ui.dismissNotifications(page);
    await ui.seen(ui.row(page, 'shop/web, expires in'));
    await ui.seen(ui.row(page, 'tracking/tracking-web, not issued yet'));
  });

  await step('the backends of both are told apart', async () => {
    await ui.foldView(page, 'Expiry');
    await ui.unfoldView(page, 'Backends');
    await ui.seen(ui.row(page, 'in shop'));
    await ui.seen(ui.row(page, 'in fernweh-freight'));
    await ui.foldView(page, 'Backends');
    await ui.unfoldView(page, 'Expiry');
  });

  await step('the dashboard counts both, or the one that is chosen', async () => {
    await ui.runCommand(page, 'Identity: Open Dashboard');
    const content = ui.webview(page);
    await ui.seen(content.getByText(/^\d+ identities · as of /));
    const project = content.getByRole('combobox', { name: 'Project' });
    const offered = await project.locator('option').allTextContents();
    assert.match(offered.join(', '), /^All projects, fernweh-freight · \d+ identities, shop · 1 identity$/);
    await project.selectOption({ label: 'shop · 1 identity' });
    await ui.seen(content.getByText(/^1 identity · as of /));
  });

  await step('the status says where it runs', async () => {
    await ui.openFile(page, 'shop.identity.yaml');
    const status = await ui.seen(page.locator('#status\\.languageStatus').first());
    await status.hover();
    await ui.seen(page.locator('.monaco-hover', { hasText: 'Runs where the folder lies' }).first());
  });
}
