// Two folders in one window, on another machine than the window: each is a project of its own, and where it all runs is said.
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

  await step('the status says where it runs', async () => {
    await ui.openFile(page, 'shop.identity.yaml');
    const status = await ui.seen(page.locator('#status\\.languageStatus').first());
    await status.hover();
    await ui.seen(page.locator('.monaco-hover', { hasText: 'Runs where the folder lies' }).first());
  });
}
