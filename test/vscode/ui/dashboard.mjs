// The dashboard as somebody sees it who opens it from the palette.
import assert from 'node:assert/strict';
import * as ui from './window.mjs';

export const options = { trusted: true };

export default async function dashboard({ page, step }) {
  const complaints = ui.complaints(page);

  await step('it opens and says how many identities there are', async () => {
    await ui.showExpiry(page);
    await ui.runCommand(page, 'Identity: Open Dashboard');
    const content = ui.webview(page);
    await ui.seen(content.getByRole('heading', { level: 1, name: 'Machine identities' }));
    await ui.seen(content.getByText(/^\d+ identities$/));
  });

  await step('nothing was refused by its policy', () => assert.deepEqual(complaints, []));
}
