// A plan that is looked at before it is run, and the audit afterwards; and what of all that comes back with the window.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as ui from './window.mjs';

const MANIFEST = 'tracking/tracking.identity.yaml';
const IDENTITY = 'Certificate/tracking/parcel-events';

export const options = { viewport: { width: 1600, height: 1200 } };

export default async function documents({ page, step, workspace }) {
  const manifest = path.join(workspace, MANIFEST);
  const shown = (scheme) => page.locator(`.editor-instance .monaco-editor[data-uri^="${scheme}:"]`).first();
  const says = (scheme, text) => ui.seen(shown(scheme).locator('.view-lines', { hasText: text }));
  const planLens = (title) =>
    shown('identity-plan').locator('.codelens-decoration a', { hasText: title }).first();
  const tab = (name) => page.locator('.tab', { hasText: name }).first();

  await step('Show Plan… in the menu of a row shows the plan, and asks nothing', async () => {
    await ui.openFile(page, MANIFEST);
    await ui.showExpiry(page);
    const row = await ui.seen(ui.row(page, 'tracking/parcel-events, expires in 26 days'));
    await (await ui.contextMenu(page, row)).choose('Show Plan…');
    await ui.pick(page, 'rotate');
    ui.mentions(await ui.planOnScreen(page), `rotate ${IDENTITY}`, '30d', 'Nothing has been changed yet.');
    assert.equal(await page.locator('.monaco-dialog-box').count(), 0);
  });

  await step('Copy command line gives the same for a shell', async () => {
    await (await ui.seen(planLens('Copy command line'))).click();
    await page.waitForFunction(
      async (line) => (await navigator.clipboard.readText()) === line,
      `idac rotate ${IDENTITY}`,
    );
  });

  await step(
    'the manifest changes on disk: the plan says that it is outdated, and Plan again plans what is now',
    async () => {
      const text = readFileSync(manifest, 'utf8');
      writeFileSync(manifest, text.replace('duration: 30d', 'duration: 20d'));
      await says('identity-plan', 'Outdated: its manifest changed');
      await (await ui.seen(planLens('Plan again'))).click();
      await says('identity-plan', '20d');
      await says('identity-plan', 'Nothing has been changed yet.');
      assert.doesNotMatch(await ui.planOnScreen(page), /Outdated/);
      assert.equal(
        await page.locator('.tab', { hasText: 'rotate Certificate' }).count(),
        1,
        'in the place of the old one',
      );
    },
  );

  await step('Rotate… above the plan asks and runs it; the plan is history', async () => {
    await (await ui.seen(planLens('Rotate…'))).click();
    const asked = await ui.dialog(page);
    ui.mentions(asked.text, `Rotate ${IDENTITY} on parcel-events?`);
    await asked.press('Rotate');
    await ui.seen(ui.notification(page, 'parcel-events'));
    await shown('identity-plan').waitFor({ state: 'detached', timeout: 60_000 });
    await ui.seen(ui.row(page, 'tracking/parcel-events, expires in 19 days'));
  });

  await step('Show Audit on the message opens the record, newest first', async () => {
    const message = ui.notification(page, 'parcel-events');
    await message.locator('.monaco-button', { hasText: 'Show Audit' }).click();
    await says('identity-audit', `Audit of ${IDENTITY}`);
    await says('identity-audit', 'whole: the chain holds');
    const text = await shown('identity-audit').locator('.view-lines').textContent();
    assert.match(text, /superseded\son[\s\S]*issued\son/);
    await ui.dismissNotifications(page);
  });

  await step('its link leads to the manifest', async () => {
    await shown('identity-audit')
      .locator('.detected-link', { hasText: MANIFEST })
      .first()
      .click({ modifiers: ['Control'] });
    await ui.seen(page.locator(`.tab.active[data-resource-name="${path.basename(MANIFEST)}"]`));
  });

  await step(
    'what is open comes back with the window: the certificate, the dashboard with its day',
    async () => {
      const row = ui.row(page, 'tracking/parcel-events, expires in 19 days');
      await (await ui.contextMenu(page, row)).choose('Show Certificate');
      await ui.seen(ui.webview(page).getByText('This is the one in use.'));
      await ui.runCommand(page, 'Identity: Open Dashboard');
      await ui.seen(ui.webview(page).locator('.headline', { hasText: /^Today: / }));
      await ui.webview(page).getByRole('slider').focus();
      for (let day = 0; day < 10; day += 1) await page.keyboard.press('ArrowRight');
      await ui.hasText(ui.webview(page).locator('output'), 'in 10 days');

      await ui.reload(page);
      await ui.hasText(ui.webview(page).locator('output'), 'in 10 days');
      await ui.seen(ui.webview(page).getByText(/if nobody renews: \d+ expired/));
      await tab(/^parcel-events/).click();
      await ui.seen(
        ui.webview(page).getByRole('heading', { level: 1, name: `${IDENTITY} on parcel-events` }),
      );
      await ui.seen(ui.webview(page).getByText('This is the one in use.'));
    },
  );

  await step('a certificate that is shown again after that is shown in the same panel', async () => {
    const row = await ui.seen(ui.row(page, 'tracking/parcel-events, expires in 19 days'));
    await (await ui.contextMenu(page, row)).choose('Show Certificate');
    await ui.seen(page.locator('.tab.active', { hasText: /^parcel-events/ }));
    assert.equal(await page.locator('.tab', { hasText: /^parcel-events/ }).count(), 1);
  });
}
