// One certificate's life as a person lives it: every click and every key is a real one, every dialog the real dialog.
import assert from 'node:assert/strict';
import * as ui from './window.mjs';

const MANIFEST = 'tracking/tracking.identity.yaml';
const IDENTITY = 'tracking/tracking-web';

export const options = { viewport: ui.WHOLE_TREE };

export default async function lifecycle({ page, step }) {
  await step('a mistake shows as a squiggle and in Problems', async () => {
    await ui.openFile(page, 'depots/gates.identity.yaml');
    await ui.seen(page.locator('.squiggly-warning').first());
    await ui.filterProblems(page, 'gate-leipzg');
    await ui.runCommand(page, 'View: Toggle Panel Visibility');
  });

  await step('the tree says what is not issued yet', async () => {
    await ui.openFile(page, MANIFEST);
    // VS Code asks for lenses a moment after the editor has the focus, and not at all if it goes elsewhere before.
    await ui.seen(ui.lens(page, /not issued yet/));
    await ui.showExpiry(page);
    await ui.seen(ui.row(page, `${IDENTITY}, not issued yet`));
  });

  await step('Issue shows the plan and asks; Cancel does nothing', async () => {
    await ui.clickLens(page, 'Issue');
    const asked = await ui.dialog(page);
    ui.mentions(asked.text, 'tracking-web', 'internal-ca');
    ui.mentions(
      await ui.planOnScreen(page),
      `issue Certificate/${IDENTITY}`,
      'Nothing has been changed yet.',
    );
    await asked.press('Cancel');
    await ui.seen(ui.row(page, `${IDENTITY}, not issued yet`));
  });

  await step('Issue, confirmed: lens, tree and message say so', async () => {
    await ui.clickLens(page, 'Issue');
    await (await ui.dialog(page)).press('Issue');
    await ui.seen(ui.notification(page, 'tracking-web'));
    await ui.seen(ui.lens(page, /^(valid · |expires in )/));
    await ui.seen(ui.row(page, `${IDENTITY}, expires in`));
  });

  await step('the message opens what was delivered', async () => {
    await ui.notification(page, 'tracking-web').locator('.monaco-button', { hasText: 'Open' }).click();
    await ui.seen(page.locator('.tab.active[data-resource-name$=".pem"]'));
    await ui.openFile(page, MANIFEST);
    await ui.seen(ui.lens(page, /^valid · /));
  });

  await step('the tree offers what can be done now', async () => {
    const offered = await ui.contextMenu(page, ui.row(page, `${IDENTITY}, expires in`));
    for (const item of [
      'Open Manifest',
      'Show Plan…',
      'Verify',
      'Renew…',
      'Rotate Key…',
      'Revoke…',
      'Destroy…',
    ]) {
      assert.ok(offered.items.includes(item), `${item} is missing in: ${offered.items.join(', ')}`);
    }
    assert.ok(!offered.items.includes('Issue…'), 'what is issued is not issued again');
    await offered.choose('Copy Fingerprint (SHA-256)');
    await page.waitForFunction(async () => /^[0-9a-f]{64}$/.test(await navigator.clipboard.readText()));
  });

  await step('the tree shows the certificate that was recorded', async () => {
    const offered = await ui.contextMenu(page, ui.row(page, `${IDENTITY}, expires in`));
    await offered.choose('Show Certificate');
    const shown = ui.webview(page);
    await ui.seen(shown.getByRole('heading', { level: 1, name: `Certificate/${IDENTITY}` }));
    await ui.seen(shown.getByText('This is the one in use.'));
    await ui.seen(shown.getByText('Leads to a trust anchor of this project'));
    await ui.openFile(page, MANIFEST);
  });

  await step('Rotate makes a new key after it was confirmed', async () => {
    await ui.clickLens(page, 'Rotate');
    const asked = await ui.dialog(page);
    ui.mentions(await ui.planOnScreen(page), 'the key changes');
    await asked.press('Rotate');
    await ui.seen(ui.notification(page, 'tracking-web'));
    await ui.dismissNotifications(page);
  });

  await step('Revoke wants a reason and the name typed', async () => {
    await ui.clickLens(page, 'Revoke');
    await ui.pick(page, 'No longer needed');
    const asked = await ui.dialog(page);
    ui.mentions(asked.text, 'tracking-web', 'internal-ca');
    await asked.press('Revoke…');
    await ui.typeInto(page, 'tracking');
    await ui.seen(ui.complaint(page, 'This is not tracking-web'));
    await ui.typeInto(page, 'tracking-web');
    await ui.inputTaken(page);
  });

  await step('the lens and the tree say revoked', async () => {
    await ui.seen(ui.lens(page, /^revoked/));
    await ui.seen(ui.row(page, `${IDENTITY}, revoked`));
  });
}
