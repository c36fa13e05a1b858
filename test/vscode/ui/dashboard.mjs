// The dashboard as somebody uses it who opens it from the palette: reads it, looks ahead with the keyboard, asks what breaks.
import assert from 'node:assert/strict';
import { accessibleInEveryTheme } from './accessibility.mjs';
import * as ui from './window.mjs';

export const options = { trusted: true };

export default async function dashboard({ page, step, workspace }) {
  const complaints = ui.complaints(page);
  const content = ui.webview(page);
  const tile = (span) => content.locator(`.tile[data-span="${span}"] .figure`);
  const slider = content.getByRole('slider', { name: 'Look ahead' });
  const subject = content.getByRole('combobox', { name: 'If this breaks' });

  await step('it opens, and says what ends when', async () => {
    await ui.showExpiry(page);
    await ui.runCommand(page, 'Identity: Open Dashboard');
    await ui.seen(content.getByRole('heading', { level: 1, name: 'Machine identities' }));
    await ui.seen(content.locator('.headline', { hasText: 'Today: 0 expired, 1 due for renewal' }));
    await ui.hasText(tile('within7Days'), '1');
    await ui.hasText(tile('later'), '2');
    assert.equal(await content.getByText('Restricted mode').isVisible(), false);
    assert.match(await content.getByText(/ · as of /).textContent(), /^\d+ identities · as of .+ UTC$/);
  });

  await step('whose it is, who issues it, which keys there are', async () => {
    const owner = content.getByRole('row', { name: /^tracking/ });
    assert.match(await owner.textContent(), /^tracking\d+01/);
    await ui.seen(content.getByRole('row', { name: /^internal-ca/ }));
    await ui.seen(content.getByRole('row', { name: /^ECDSA-P256.*128 bit.*disallowed after 2035/ }));
    await ui.seen(content.getByText(/NIST IR 8547, initial public draft/));
  });

  await step('an owner leads to what is theirs in the inventory', async () => {
    await content
      .getByRole('row', { name: /^tracking/ })
      .getByRole('button')
      .first()
      .click();
    await ui.seen(page.locator('.sidebar .message', { hasText: 'Filter: owner:"tracking"' }));
    await ui.seen(ui.row(page, 'tracking/tracking-web'));
    await ui.runCommand(page, 'Identity: Clear Filter');
    await ui.foldView(page, 'Inventory');
    await page.locator('.tab', { hasText: 'Identity Dashboard' }).click();
  });

  await step('the slider, by keyboard, shows a later day', async () => {
    await slider.focus();
    await page.keyboard.press('End');
    await ui.seen(content.getByText(/^On .+, if nobody renews: 3 expired, 0 due for renewal$/));
    await ui.hasText(tile('expired'), '3');
    assert.match(await slider.getAttribute('aria-valuetext'), /: 3 expired, 0 due for renewal$/);
    await ui.seen(content.getByText(/Renewed whenever it is due, that would be \d+ renewals until then/));
    await page.keyboard.press('Home');
    for (let day = 0; day < 10; day += 1) await page.keyboard.press('ArrowRight');
    await ui.hasText(tile('expired'), '1');
    await ui.hasText(content.locator('output'), 'in 10 days');
    assert.ok(await slider.evaluate((each) => each === document.activeElement), 'the slider kept the focus');
  });

  await step('what breaks if an authority breaks, as a picture and as a list', async () => {
    await subject.click();
    await subject.fill('internal');
    await ui.seen(content.getByRole('option', { name: 'Backend/internal-ca' }));
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await ui.seen(
      content.getByText(
        /^If Backend\/internal-ca breaks, .+ machines and \d+ consumers break with it\. \d+ owners have to know\.$/,
      ),
    );
    await ui.seen(content.getByRole('img', { name: 'internal-ca, Backend, chosen' }));
    await content.getByText('As a list').click();
    await ui.seen(content.getByText(/^Consumers · \d+$/).last());
  });

  await step('from box to box with the arrow keys, and on to what breaks with that one', async () => {
    const graph = content.getByRole('group', { name: 'What breaks with it' });
    await graph.getByRole('img', { name: 'internal-ca, Backend, chosen' }).focus();
    await page.keyboard.press('ArrowRight');
    await ui.seen(graph.locator('.link-line.lit').first());
    for (let press = 0; press < 20; press += 1) await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await ui.seen(content.getByText(/^If TrustBundle\/depots breaks, 1 consumer breaks with it\./));
  });

  await step('a thing leads to its manifest', async () => {
    await subject.fill('servers');
    await ui.seen(content.getByRole('option', { name: 'TrustBundle/servers' }));
    await page.keyboard.press('Enter');
    await content.getByRole('button', { name: 'Open Manifest: TrustBundle/depots' }).click();
    await ui.seen(page.locator('.tab.active[data-resource-name="bundles.identity.yaml"]'));
    await page.locator('.tab', { hasText: 'Identity Dashboard' }).click();
    await ui.seen(content.getByText(/^If TrustBundle\/servers breaks/));
    await ui.hasText(content.locator('output'), 'in 10 days');
  });

  await step('nothing was refused by its policy', () => assert.deepEqual(complaints, []));

  await accessibleInEveryTheme({ step, workspace, content });
}
