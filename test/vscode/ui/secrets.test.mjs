// A key that was committed, in a real VS Code: found in the history three commits after it was deleted, tied to its identity,
// rotated from the finding; and a password that is typed into a file of settings. The record and git are judges from outside.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { REPOSITORY, runIdac } from '../../support/idac.ts';
import { needs } from '../../support/needs.ts';
import { isInstalled, openVsCode } from '../host.mjs';
import { issueSample } from '../issueSample.ts';
import { copySamples } from '../sampleFolder.ts';
import * as ui from './window.mjs';

const SUBJECT = 'Certificate/tracking/parcel-events';
const MANIFEST = 'tracking/tracking.identity.yaml';
const KEY = 'deploy/parcel-events/tls/events.key.pem';
const COPY = 'tools/debug.txt';
const PASSWORD = `Kq${'7w'}Zp93dL`;

describe('the story of a key that was committed, in a real VS Code', function () {
  this.timeout(240_000);
  const pictures = path.join(REPOSITORY, 'test/out/secrets');
  const passphrase = randomBytes(16).toString('hex');
  let samples;
  let vscode;
  let page;
  let stopped;

  before(async function () {
    needs(this, 'a VS Code host (test/vscode/install)', isInstalled());
    mkdirSync(pictures, { recursive: true });
    samples = copySamples();
    await issueSample(samples, SUBJECT, passphrase, 3);
    commit('the first certificate');
    mkdirSync(path.dirname(file(COPY)), { recursive: true });
    copyFileSync(file(KEY), file(COPY));
    commit('notes of a debugging session');
    rmSync(file(COPY));
    commit('tidy up');
    for (const day of [1, 2, 3]) {
      writeFileSync(file('tools/days.txt'), `${day}\n`);
      commit(`day ${day}`);
    }
    vscode = await openVsCode({
      extension: REPOSITORY,
      workspace: samples.workspace,
      env: { ...samples.environment, IDAC_PASSPHRASE: passphrase },
      viewport: { width: 1400, height: 900 },
      settings: { 'workbench.colorTheme': 'Default Light Modern', 'editor.minimap.enabled': false },
    });
    page = vscode.page;
  });
  afterEach(async function () {
    if (this.currentTest?.state !== 'failed' || page === undefined) return;
    await page.screenshot({ path: path.join(REPOSITORY, 'test/out/ui-failure.png') }).catch(() => {});
    console.error(vscode.logs());
  });
  after(async () => {
    await vscode?.close();
    samples?.remove();
  });

  const file = (name) => path.join(samples.workspace, name);
  const commit = (message) => {
    const git = (...args) =>
      execFileSync('git', args, {
        cwd: samples.workspace,
        stdio: 'pipe',
        env: { ...process.env, ...samples.environment },
      });
    git('add', '--all');
    git('commit', '--quiet', '--message', message);
  };
  const step = (name, action) =>
    it(name, async () => {
      assert.equal(stopped, undefined, 'the story went no further than this');
      stopped = name;
      await action();
      stopped = undefined;
    });
  const take = (name) =>
    page.screenshot({ path: path.join(pictures, `${name}.png`), animations: 'disabled' });
  const report = () =>
    page.locator('.editor-instance .monaco-editor[data-uri^="identity-secrets:"] .view-lines');
  /** Until the page says this, in whatever lines. */
  const reported = (text) =>
    page.waitForFunction(
      (wanted) => {
        const shown = document.querySelector(
          '.editor-instance .monaco-editor[data-uri^="identity-secrets:"] .view-lines',
        );
        return shown?.textContent.replaceAll(/\s/g, '').includes(wanted);
      },
      text.replaceAll(' ', ''),
      { timeout: 60_000 },
    );

  step('the history is looked through when somebody asks, and says whose key it has', async () => {
    // The language server starts with a manifest.
    await ui.openFile(page, MANIFEST);
    await ui.seen(ui.lens(page, /^valid/));
    await ui.runCommand(page, 'Identity: Find Secrets in Git History');
    await reported('tools/debug.txt:1');
    await reported('it is the key of Certificate/tracking/parcel-events');
    await reported('taken away by');
    await take('history');
  });

  step('the finding leads to what the commit has', async () => {
    await report()
      .locator('.detected-link', { hasText: 'tools/debug.txt' })
      .first()
      .click({ modifiers: ['Control'] });
    await ui.seen(page.locator('.tab.active[data-resource-name="debug.txt"]').first());
    await take('commit');
    await ui.runCommand(page, 'Identity: Find Secrets in Git History');
    await ui.seen(report());
  });

  step('the identity is rotated from the finding', async () => {
    const before = readFileSync(file(KEY), 'utf8');
    await ui.clickLens(page, 'Rotate…');
    const asked = await ui.dialog(page);
    ui.mentions(asked.text, 'parcel-events');
    await asked.press('Rotate');
    await ui.seen(ui.notification(page, 'Rotated'));
    assert.notEqual(readFileSync(file(KEY), 'utf8'), before);
    await ui.dismissNotifications(page);
  });

  step('and the report says where the old key still stands, and what ends it', async () => {
    await ui.runCommand(page, 'Identity: Find Secrets in Git History');
    await reported('replaced');
    await reported('tools/debug.txt:1');
    await reported('is in the history since');
    await ui.seen(ui.lens(page, /^Revoke what was replaced/));
    await take('rotated');
  });

  step('a password that is typed into settings is underlined', async () => {
    writeFileSync(file('tools/.env'), 'NAME=shop\n');
    await ui.openFile(page, 'tools/.env');
    await page.keyboard.press('Control+End');
    await page.keyboard.type(`DB_PASSWORD=${PASSWORD}`, { delay: 20 });
    await ui.seen(page.locator('.squiggly-error, .squiggly-warning').first());
    await take('typed');
  });

  step(
    'its quick fixes keep it out of git, or judge it to be no secret with a reason and an end',
    async () => {
      await page.keyboard.press('Control+s');
      await page.keyboard.press('ArrowLeft');
      await page.keyboard.press('Control+.');
      const fixes = page.locator('.action-widget .monaco-list-row');
      await ui.seen(fixes.filter({ hasText: 'Add tools/.env to .gitignore' }));
      await take('fixes');
      await fixes.filter({ hasText: 'Not a secret' }).first().click();
      await ui.typeInto(page, 'made up for this story');
      await ui.seen(page.locator('.quick-input-widget:visible').filter({ hasText: 'Until which day' }));
      await page.keyboard.press('Enter');
      await ui.inputTaken(page);
      await page.locator('.squiggly-error, .squiggly-warning').first().waitFor({ state: 'detached' });
      const { out } = await runIdac(['scan', 'tools/.env', '--format', 'json', '-C', samples.workspace], {
        env: { ...samples.environment, IDAC_PASSPHRASE: passphrase },
      });
      const { findings, setAside } = JSON.parse(out);
      assert.deepEqual(
        [findings.length, setAside.map(({ reason }) => reason)],
        [0, ['made up for this story']],
      );
      await take('judged');
    },
  );

  step('the whole folder fills Problems', async () => {
    writeFileSync(file('tools/other.env'), `API_PASSWORD=${PASSWORD}x\n`);
    await ui.runCommand(page, 'Identity: Find Secrets in Folder');
    await ui.seen(ui.notification(page, 'findings in'));
    await ui.dismissNotifications(page);
    await ui.filterProblems(page, 'other.env');
    await take('folder');
  });
});
