// The pictures of README and docs: what they show is what the window shows.
import path from 'node:path';
import * as ui from './window.mjs';

const folder = path.resolve(import.meta.dirname, '../../../docs/images');

export const options = {
  viewport: { width: 1280, height: 860 },
  settings: {
    'breadcrumbs.enabled': false,
    'editor.fontFamily': "'JetBrains Mono', monospace",
    'editor.fontSize': 12,
    'editor.lineHeight': 17,
    'editor.codeLensFontSize': 11,
    'editor.minimap.enabled': false,
    'editor.guides.indentation': false,
    'editor.overviewRulerBorder': false,
    'editor.renderLineHighlight': 'none',
    'editor.scrollbar.vertical': 'hidden',
    'problems.decorations.enabled': true,
    'git.countBadge': 'off',
    'window.commandCenter': false,
    'workbench.layoutControl.enabled': false,
    'workbench.statusBar.visible': false,
    'workbench.colorTheme': 'Default Light Modern',
  },
};

export default async function pictures({ page, step }) {
  const take = (name) => page.screenshot({ path: path.join(folder, `${name}.png`), animations: 'disabled' });

  await step('the editor, the tree, a problem', async () => {
    await ui.openFile(page, 'depots/gates.identity.yaml');
    await ui.seen(page.locator('.squiggly-warning').first());
    await ui.seen(page.locator('.codelens-decoration a', { hasText: /^Rotate$/ }).first());
    await ui.showExpiry(page);
    await ui.seen(ui.row(page, 'platform/firmware-signing, expired'));
    await ui.filterProblems(page, 'gate-leipzg');
    await drag(page, '.part.sidebar', 'right', 45);
    await drag(page, '.part.panel', 'top', 45);
    await page.mouse.move(1270, 850);
    await page.waitForTimeout(1500);
    await take('editor');
    await ui.runCommand(page, 'View: Toggle Panel Visibility');
  });

  await step('a certificate and its chain', async () => {
    await ui.runCommand(page, 'Identity: Show Certificate');
    await ui.pick(page, 'Certificate/payments/ledger-db');
    const content = ui.webview(page);
    await ui.seen(content.getByText('Leads to a trust anchor of this project'));
    await page.mouse.move(1270, 850);
    await page.waitForTimeout(1000);
    await take('certificate');
  });

  await step('a plan with its confirmation', async () => {
    await ui.openFile(page, 'tracking/tracking.identity.yaml');
    await ui.clickLens(page, 'Rotate');
    const asked = await ui.dialog(page);
    await page.waitForTimeout(1000);
    await take('confirm');
    await asked.press('Cancel');
  });

  await step('the plan alone', async () => {
    await ui.runCommand(page, 'View: Toggle Primary Side Bar Visibility');
    await page.mouse.move(1270, 850);
    await page.waitForTimeout(1000);
    await take('plan');
  });

  await step('the dashboard, 40 days ahead', async () => {
    await ui.runCommand(page, 'View: Close All Editors');
    await ui.runCommand(page, 'Identity: Open Dashboard');
    const content = ui.webview(page);
    await ui.seen(content.getByText(/^Today: /));
    await content.getByRole('slider').focus();
    for (let day = 0; day < 40; day += 1) await page.keyboard.press('ArrowRight');
    await ui.seen(content.getByText(/Renewed whenever it is due/));
    await page.mouse.move(1270, 850);
    await page.waitForTimeout(1000);
    await take('dashboard');
  });
}

/** Moves the border of a part: the sash lies on it. */
async function drag(page, part, side, distance) {
  const box = await page.locator(part).first().boundingBox();
  const [x, y] = side === 'right' ? [box.x + box.width + 3, box.y + 300] : [box.x + 300, box.y - 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(side === 'right' ? x + distance : x, side === 'right' ? y : y + distance, {
    steps: 8,
  });
  await page.mouse.up();
}
