// What axe-core finds wrong with a page of ours, in every kind of theme.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import axe from 'axe-core';
import * as ui from './window.mjs';

/** Each with the class that VS Code gives the page's body. */
const THEMES = [
  ['Default Light Modern', 'vscode-light'],
  ['Default High Contrast', 'vscode-high-contrast'],
  ['Default High Contrast Light', 'vscode-high-contrast-light'],
  ['Default Dark Modern', 'vscode-dark'],
];

/** `content`: the document of the page, as `ui.webview` gives it. `look`: called in each theme. */
export async function accessibleInEveryTheme({ step, workspace, content, look = async () => {} }) {
  for (const [theme, name] of THEMES) {
    await step(`accessible in ${theme}`, async () => {
      mkdirSync(path.join(workspace, '.vscode'), { recursive: true });
      writeFileSync(
        path.join(workspace, '.vscode/settings.json'),
        JSON.stringify({ 'workbench.colorTheme': theme }),
      );
      await ui.seen(content.locator(`body.${name}`));
      assert.deepEqual(await violations(content), []);
      await look(name);
    });
  }
}

/** In few words. */
async function violations(content) {
  const frame = await (await content.locator('body').elementHandle()).ownerFrame();
  // Told by the browser itself: the page's policy lets nothing else in.
  await frame.evaluate(axe.source);
  return frame.evaluate(async () => {
    const { violations } = await window.axe.run(document, { preload: false });
    return violations.map(
      ({ id, nodes }) =>
        `${id}: ${nodes.map(({ failureSummary, html }) => html + failureSummary).join('; ')}`,
    );
  });
}
