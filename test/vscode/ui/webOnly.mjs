// A window with no machine behind it, as vscode.dev is: the extension says what it cannot do there, and fails at nothing.
import * as ui from './window.mjs';

export const options = { webOnly: true, viewport: { width: 1280, height: 800 } };

export default async function webOnly({ page, step }) {
  await step('a manifest has its language, and the status says that it is not checked', async () => {
    await ui.runCommand(page, 'New Untitled Text File');
    await ui.seen(page.locator('.tab.active[data-resource-name^="Untitled"]'));
    await ui.runCommand(page, 'Change Language Mode');
    await page.locator('.quick-input-widget input').first().fill('Identity Manifest');
    await ui.pick(page, 'Identity Manifest');
    const status = page.locator('#status\\.languageStatus [role=button], #status\\.languageStatus a').first();
    await ui.seen(status);
    await status.hover();
    await ui.seen(page.locator('.monaco-hover', { hasText: 'Manifests are not checked here' }).first());
  });

  await step('the view says why it is empty, and what to do', async () => {
    await ui.showExpiry(page);
    const view = page.locator('.sidebar', { hasText: 'no machine behind it' }).first();
    await ui.seen(view);
  });

  await step('a command says the same', async () => {
    await ui.runCommand(page, 'Identity: Sign In');
    await ui.seen(ui.notification(page, 'none can run here'));
  });
}
