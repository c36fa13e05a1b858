// Reading only: a window with manifests that name servers, its lenses, its tree and its hovers. No button is pressed.
import * as ui from './window.mjs';

export const options = { viewport: ui.WHOLE_TREE };

export default async function quiet({ page, step }) {
  await step('manifests that name a server are shown with their lenses', async () => {
    await ui.openFile(page, 'vault.identity.yaml');
    await ui.seen(ui.lens(page, 'Check connection'));
    await ui.seen(ui.lens(page, /not issued yet/));
  });

  await step('the tree is read', async () => {
    await ui.showExpiry(page);
    await ui.seen(ui.row(page, 'payments/api'));
  });

  await step('a hover is read', async () => {
    await page.locator('.view-line span', { hasText: 'vault-prod' }).first().hover();
    await ui.seen(page.locator('.monaco-hover:visible').first());
  });

  await step('all that starts late has started', () => page.waitForTimeout(5000));
}
