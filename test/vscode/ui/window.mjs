// What a person does in the window: keys and clicks on what is seen. One place for VS Code's own class names.
import assert from 'node:assert/strict';

/** Patient: a busy machine is slow, and no test is about speed. */
const PATIENCE = { timeout: 60_000 };

export async function openFile(page, path) {
  const name = path.split('/').at(-1);
  await choose(page, 'Control+p', path, name);
  await page.locator(`.tab.active[data-resource-name="${name}"]`).first().waitFor(PATIENCE);
}

export const runCommand = (page, title) => choose(page, 'F1', `>${title}`, title);

/**
 * Opens the list and takes what the text finds. Enter takes what is focused, and that is something else until the list has
 * followed the text. Whatever takes the focus meanwhile closes the list: then it is opened again.
 */
async function choose(page, key, text, expected) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await page.keyboard.press(key);
      await page.locator('.quick-input-widget input').first().fill(text, { timeout: 10_000 });
      const found = page.locator('.quick-input-list .monaco-list-row.focused', { hasText: expected });
      await found.first().waitFor({ timeout: 20_000 });
      await page.keyboard.press('Enter');
      return;
    } catch (error) {
      if (attempt === 4) throw error;
      await page.keyboard.press('Escape');
    }
  }
}

/** The first lens with this text; a RegExp or a string. */
export const lens = (page, text) =>
  page.locator('.codelens-decoration a, .codelens-decoration span', { hasText: text }).first();

/** VS Code asks for new lenses only while the editor has the focus, so it gets that first. */
export async function clickLens(page, title) {
  await page.keyboard.press('Control+1');
  const action = page
    .locator('.codelens-decoration a')
    .filter({ hasText: new RegExp(`^${title}$`) })
    .first();
  await action.waitFor(PATIENCE);
  await action.click(PATIENCE);
}

/** Until exactly so many lenses have this title: what was done may take one away. */
export const lensesLeft = (page, title, count) =>
  page.waitForFunction(
    ([text, left]) =>
      [...document.querySelectorAll('.codelens-decoration a')].filter((each) => each.textContent === text)
        .length === left,
    [title, count],
    PATIENCE,
  );

export async function seen(locator) {
  await locator.waitFor(PATIENCE);
  return locator;
}

/** Waits until the element has exactly this text. */
export const hasText = (locator, text) => seen(locator.filter({ hasText: new RegExp(`^${text}$`) }));

export async function showExpiry(page) {
  // The whole item: the badge lies over its icon.
  await page
    .locator('.activitybar .action-item:has([aria-label*="Machine Identities"])')
    .first()
    .click(PATIENCE);
  await page.locator('.sidebar .pane-body').first().waitFor(PATIENCE);
}

const viewHeader = (page, name) => page.locator(`.sidebar .pane-header[aria-label^="${name}"]`).first();

export const unfoldView = (page, name) => setView(page, name, true);
export const foldView = (page, name) => setView(page, name, false);

/** At its name: the buttons of a view come over the rest of its header. Pressed again when the view moved meanwhile. */
async function setView(page, name, isOpen) {
  const header = await seen(viewHeader(page, name));
  const wanted = page.locator(`.sidebar .pane-header[aria-label^="${name}"][aria-expanded="${isOpen}"]`);
  for (let attempt = 1; (await header.getAttribute('aria-expanded')) !== String(isOpen); attempt += 1) {
    await header.locator('.title').first().click(PATIENCE);
    await wanted.waitFor(attempt < 4 ? { timeout: 5_000 } : PATIENCE).catch((error) => {
      if (attempt >= 4) throw error;
    });
  }
}

/** A row of the trees, found by what a screen reader says about it. */
export const row = (page, label) => page.locator(`.sidebar .monaco-list-row[aria-label*="${label}"]`).first();

/** So high that the tree shows every credential of the samples: rows that are not on the screen do not exist. */
export const WHOLE_TREE = { width: 1440, height: 2600 };

export async function contextMenu(page, locator) {
  await locator.click({ button: 'right', ...PATIENCE });
  const menu = await seen(page.locator('.monaco-menu').first());
  return {
    items: await menu.locator('.action-item:not(.disabled) .action-label:not(.separator)').allTextContents(),
    // A menu takes no click in the moment in which it opens: that may be the end of the one that opened it.
    choose: async (item) => {
      for (let attempt = 1; ; attempt += 1) {
        try {
          await menu.locator('.action-item', { hasText: item }).first().click(PATIENCE);
          return await menu.waitFor({ state: 'detached', timeout: 5_000 });
        } catch (error) {
          if (attempt === 4) throw error;
        }
      }
    },
  };
}

/** Narrows the Problems view to what has this text, so that it is on the screen. */
export async function filterProblems(page, text) {
  await runCommand(page, 'Problems: Focus on Problems View');
  await page.locator('.panel .viewpane-filter input').first().fill(text, PATIENCE);
  await seen(problem(page, text));
}

const problem = (page, text) => page.locator('.markers-panel .monaco-list-row', { hasText: text }).first();

export const notification = (page, text) =>
  page.locator('.notifications-toasts .notification-list-item', { hasText: text }).first();

export async function dismissNotifications(page) {
  await runCommand(page, 'Notifications: Clear All Notifications');
  await page.locator('.notifications-toasts.visible').waitFor({ state: 'hidden', ...PATIENCE });
}

/** The real modal dialog: its text, and a way to press one of its buttons. */
export async function dialog(page) {
  const box = await seen(page.locator('.monaco-dialog-box'));
  return {
    text: await box.textContent(),
    press: async (button) => {
      await box.locator('.monaco-button', { hasText: new RegExp(`^${button}$`) }).click(PATIENCE);
      await box.waitFor({ state: 'detached', ...PATIENCE });
    },
  };
}

export async function pick(page, label) {
  const choice = page.locator('.quick-input-list .monaco-list-row', { hasText: label }).first();
  await choice.waitFor(PATIENCE);
  await choice.click(PATIENCE);
}

/** As F5 does in a browser, and *Developer: Reload Window* everywhere: what was open opens again. */
export async function reload(page) {
  // In a browser VS Code writes down what is open every five seconds, and nothing of it while it closes.
  await page.waitForTimeout(8000);
  await page.reload();
  await page.locator('.monaco-workbench .part.editor').waitFor({ timeout: 120_000 });
}

const inputBox = (page) => page.locator('.quick-input-widget:visible');

/** Types into the input box and presses Enter. */
export async function typeInto(page, text) {
  await inputBox(page).locator('input').first().fill(text, PATIENCE);
  await page.keyboard.press('Enter');
}

/** Key by key, into the list of this title once it is open. */
export async function typeSlowly(page, title, text) {
  await seen(inputBox(page).filter({ hasText: title }));
  await page.keyboard.type(text, { delay: 40 });
}

/** The input box does not take what was typed, and says this. */
export const complaint = (page, text) => inputBox(page).filter({ hasText: text });

/** What was typed was taken: the box is gone. */
export const inputTaken = (page) => inputBox(page).waitFor({ state: 'hidden', ...PATIENCE });

/** The document of the page that is shown in the window: a frame in a frame. */
export const webview = (page) =>
  page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');

/** What the browser has to say against a page, from now on: a policy that was not kept, a script that failed. */
export function complaints(page) {
  const said = [];
  page.on('console', (message) => {
    if (/Content Security Policy|Refused to/i.test(message.text())) said.push(message.text());
  });
  page.on('pageerror', (error) => said.push(String(error)));
  return said;
}

/** The text of the read-only plan, as far as it is on the screen. */
export async function planOnScreen(page) {
  const plan = await seen(
    page.locator('.editor-instance .monaco-editor[data-uri^="identity-plan:"] .view-lines'),
  );
  return (await plan.textContent()).replaceAll('\u00a0', ' ');
}

export function mentions(text, ...parts) {
  for (const part of parts) assert.ok(text.includes(part), `"${part}" is missing in:\n${text}`);
}
