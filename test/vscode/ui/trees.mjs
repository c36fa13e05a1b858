// The side bar with more identities than a screen holds: groups, pages, grouping, filter; and what was open stays open.
import assert from 'node:assert/strict';
import * as ui from './window.mjs';

export const options = { trusted: true, viewport: { width: 1280, height: 1400 } };

export default async function trees({ page, step, shot = async () => {} }) {
  await step('what ends within the week stands in the status bar, and leads to Expiry', async () => {
    const item = page.locator('.statusbar-item', { hasText: '1 expires within 7 days' });
    await (await ui.seen(item)).click();
    await ui.seen(ui.row(page, 'Within 7 days, 1 identity, 1 needs attention'));
    await ui.seen(ui.row(page, 'Certificate tracking/tracking-web, due for renewal, expires in'));
    await ui.seen(page.locator('.activitybar .badge-content', { hasText: /^1$/ }).first());
  });

  await step('the explorer marks its manifest with the days left', async () => {
    await ui.runCommand(page, 'File: Focus on Files Explorer');
    const row = (name) => `.explorer-folders-view .monaco-list-row[aria-label^="${name}"]`;
    await (await ui.seen(page.locator(row('tracking')).first())).click();
    await ui.seen(page.locator(row('tracking.identity.yaml')).first());
    await page.waitForFunction(
      (selector) =>
        [...document.querySelectorAll(`${selector} *`)].some((element) =>
          /\b\dd\b/.test(getComputedStyle(element, '::after').content),
        ),
      row('tracking.identity.yaml'),
    );
    await shot('marks');
    await ui.showExpiry(page);
  });

  await step('Expiry opens closed groups where there is much, and a page of a group', async () => {
    const group = await ui.seen(ui.row(page, 'Not issued yet, 5'));
    await shot('expiry');
    assert.equal(await group.getAttribute('aria-expanded'), 'false');
    await group.click();
    await ui.seen(ui.row(page, 'Certificate apps/'));
  });

  await step('the page ends with what is left, and Show more goes on at its first new row', async () => {
    await page.keyboard.press('End');
    const more = ui.row(page, 'Show 200 more');
    await ui.seen(more);
    // What is renewed elsewhere stands below.
    await shot('page');
    await more.click();
    await more.waitFor({ state: 'detached', timeout: 60_000 }).catch(() => {});
    await ui.seen(page.locator('.sidebar .monaco-list-row.focused[aria-label*="bulk/n"]'));
  });

  await step('a refresh leaves open what was open, with all its pages', async () => {
    const focused = await page.locator('.sidebar .monaco-list-row.focused').getAttribute('aria-label');
    await ui.runCommand(page, 'Identity: Refresh Views');
    await ui.seen(page.locator(`.sidebar .monaco-list-row[aria-label="${focused}"]`));
  });

  await step('Inventory opens below, grouped by kind', async () => {
    await ui.foldView(page, 'Expiry');
    await ui.unfoldView(page, 'Inventory');
    await ui.seen(ui.row(page, 'SshCertificate, '));
    await shot('inventory');
  });

  await step('grouped by owner, the choice is remembered and said', async () => {
    await ui.runCommand(page, 'Identity: Group Inventory By…');
    await ui.pick(page, 'owner');
    const owner = await ui.seen(ui.row(page, 'payments, '));
    await owner.click();
    await ui.seen(ui.row(page, 'Certificate payments/payments-api, not issued yet'));
    await ui.seen(page.locator('.sidebar .pane-header .description', { hasText: 'by owner' }));
    await shot('owner');
  });

  await step('an edit of a manifest leaves open what was open', async () => {
    await ui.openFile(page, 'payments/payments-api.identity.yaml');
    await page.keyboard.press('Control+1');
    await ui.seen(page.locator('.editor-instance .monaco-editor.focused'));
    await page.keyboard.press('Control+Home');
    await page.keyboard.type('# by hand\n');
    await ui.seen(ui.row(page, 'Certificate payments/payments-api, not issued yet'));
    await ui.runCommand(page, 'File: Revert File');
    await ui.seen(ui.row(page, 'Certificate payments/payments-api, not issued yet'));
  });

  await step('a filter leaves what it names, says so, and is cleared', async () => {
    await ui.runCommand(page, 'Identity: Filter Inventory…');
    await ui.typeInto(page, 'n12 owner:bulk');
    await ui.seen(ui.row(page, 'bulk, 11 identities'));
    await ui.seen(page.locator('.sidebar .message', { hasText: 'Filter: n12 owner:bulk' }));
    // Few are left, so their group stands open.
    await ui.seen(ui.row(page, 'Certificate bulk/n129'));
    await shot('filter');
    await ui.runCommand(page, 'Identity: Filter Inventory…');
    await ui.typeInto(page, 'nothing-has-this');
    await ui.seen(page.locator('.sidebar .message', { hasText: 'Filter: nothing-has-this · 0 of ' }));
    await shot('nothing');
    await ui.runCommand(page, 'Identity: Clear Filter');
    await ui.seen(ui.row(page, 'payments, '));
  });

  const share = (machine, status = 'not issued yet') =>
    ui.row(page, `Certificate payments/payments-api, ${status}${machine}`);
  const onBoth = async (title, status) => {
    await share(', on payments-1', status).click();
    const second = share(', on payments-2', status);
    await second.click({ modifiers: ['Control'] });
    const offered = await ui.contextMenu(page, second);
    assert.ok(!offered.items.includes('Show Plan…'), 'a plan is of one');
    await shot('several');
    await offered.choose(title);
  };

  await step('of several one question is asked, with all that would be done; no is no', async () => {
    const payments = ui.row(page, 'payments, ');
    if ((await payments.getAttribute('aria-expanded')) === 'false') await payments.click();
    await onBoth('Issue…');
    const asked = await ui.dialog(page);
    ui.mentions(
      asked.text,
      'Issue 2 shares of 1 identity?',
      'payments-1',
      'payments-2',
      'Backend: internal-ca',
    );
    await ui.seen(page.locator('.tab', { hasText: 'Issue 2 shares of 1 identity' }));
    await shot('question');
    await asked.press('Cancel');
    await ui.seen(share(', on payments-1'));
    await ui.seen(share(', on payments-2'));
  });

  await step('yes does it to all of them, and one message says so', async () => {
    await onBoth('Issue…');
    await (await ui.dialog(page)).press('Issue');
    await ui.seen(ui.notification(page, 'Issue: 2 of 2 done.'));
    await ui.dismissNotifications(page);
    await ui.seen(
      page.locator(
        '.sidebar .monaco-list-row[aria-label*="payments-api, expires in"][aria-label*="payments-2"]',
      ),
    );
  });

  await step('what ends them wants verb and number typed', async () => {
    const issued = (machine) =>
      page.locator(
        `.sidebar .monaco-list-row[aria-label*="payments-api, expires in"][aria-label*="${machine}"]`,
      );
    await issued('payments-1').click();
    await issued('payments-2').click({ modifiers: ['Control'] });
    await (await ui.contextMenu(page, issued('payments-2'))).choose('Revoke…');
    await ui.pick(page, 'No longer needed');
    await (await ui.dialog(page)).press('Revoke…');
    await ui.typeInto(page, 'revoke 2');
    await ui.seen(ui.notification(page, 'Revoke: 2 of 2 done.'));
    await ui.dismissNotifications(page);
    await ui.seen(ui.row(page, 'Certificate payments/payments-api, revoked'));
  });

  await step('who types a part of the name finds it among all', async () => {
    await ui.runCommand(page, 'Identity: Open Manifest');
    await ui.typeSlowly(page, 'Which identity?', 'n37');
    await ui.pick(page, 'Certificate/bulk/n37');
    await ui.seen(page.locator('.tab.active[data-resource-name="bulk.identity.yaml"]'));
  });

  await step('Backends says how each stood when it was seen last, and contacts none', async () => {
    await ui.foldView(page, 'Inventory');
    await ui.unfoldView(page, 'Backends');
    const backend = await ui.seen(ui.row(page, 'Backend device-ca, Embedded backend, not checked yet'));
    await backend.click();
    await ui.seen(ui.row(page, 'Roles: '));
    await shot('backends');
  });

  await step('a check of all shows on each, with what was looked at', async () => {
    await ui.runCommand(page, 'Identity: Check All Backends');
    await ui.seen(ui.row(page, 'Backend internal-ca, Embedded backend, reachable'));
    await ui.seen(ui.notification(page, 'backends checked'));
    await ui.dismissNotifications(page);
    const checks = await ui.seen(ui.row(page, 'Last check: '));
    await checks.click();
    await ui.seen(ui.row(page, 'roles is good'));
    await shot('checked');
  });

  await step('what it issues leads to those identities', async () => {
    await ui.row(page, 'Issues: ').click();
    await ui.seen(page.locator('.sidebar .message', { hasText: 'Filter: backend:=device-ca' }));
    await shot('issues');
  });
}
