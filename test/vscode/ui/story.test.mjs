// The product's story in one window of a real VS Code, with real clicks and keys: from the open folder to a revoked
// certificate. What the window says is judged from outside: by openssl, by the command line, by the files of the record.
// It leaves the pictures of README and docs in test/out/story; takePictures.ts puts them where those show them.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes, X509Certificate } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { REPOSITORY, runIdac } from '../../support/idac.ts';
import { needs } from '../../support/needs.ts';
import { isInstalled, openVsCode } from '../host.mjs';
import { issueSample } from '../issueSample.ts';
import { copySamples } from '../sampleFolder.ts';
import * as ui from './window.mjs';

/** How many days ago each was issued: so that the tree has something of everything. */
const ISSUED = [
  ['Certificate/platform/firmware-signing', 92],
  ['Certificate/payments/ledger-db', 86],
  ['Certificate/platform/build-runner', 1],
  ['Certificate/payments/ledger-client', 2],
  ['Certificate/tracking/parcel-events', 3],
  ['Certificate/platform/metrics', 12],
  ['Certificate/platform/git-server', 5],
  ['Certificate/payments/acquirer-client', 4],
  ['Certificate/depots/hand-scanner', 30],
  ['Certificate/security/incident-mail', 8],
  ['Certificate/depots/conveyor-controller', 70],
  ['Certificate/depots/gate-controller', 5],
];
const SUBJECT = { id: 'Certificate/tracking/parcel-events', row: 'Certificate tracking/parcel-events' };
const MANIFEST = 'tracking/tracking.identity.yaml';
const CHAIN = 'deploy/parcel-events/tls/events.pem';
const KEY = 'deploy/parcel-events/tls/events.key.pem';
const VIEWED = { id: 'Certificate/payments/ledger-db', file: 'deploy/ledger-db/tls/ledger.pem' };

/** A window that pictures are taken of: nothing in it that is not of the story. */
const SETTINGS = {
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
  'git.enabled': false,
  'window.commandCenter': false,
  'workbench.layoutControl.enabled': false,
  'workbench.statusBar.visible': false,
  'workbench.colorTheme': 'Default Light Modern',
};

describe('the story of one certificate in a real VS Code', function () {
  this.timeout(240_000);
  const pictures = path.join(REPOSITORY, 'test/out/story');
  const passphrase = randomBytes(16).toString('hex');
  let samples;
  let vscode;
  let page;
  let stopped;

  before(async function () {
    needs(this, 'a VS Code host (test/vscode/install)', isInstalled());
    mkdirSync(pictures, { recursive: true });
    samples = copySamples();
    for (const [identity, daysAgo] of ISSUED) await issueSample(samples, identity, passphrase, daysAgo);
    vscode = await openVsCode({
      extension: REPOSITORY,
      workspace: samples.workspace,
      env: { ...samples.environment, IDAC_PASSPHRASE: passphrase },
      viewport: { width: 1280, height: 860 },
      settings: SETTINGS,
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

  /** Each goes on where the one before it ended. */
  const step = (name, action) =>
    it(name, async () => {
      assert.equal(stopped, undefined, 'the story went no further than this');
      stopped = name;
      await action();
      stopped = undefined;
    });
  const take = async (name) => {
    // The pointer rests where nothing answers to it, and what was asked for by it is gone.
    await page.mouse.move(1270, 850);
    await page.waitForTimeout(1000);
    await page.screenshot({ path: path.join(pictures, `${name}.png`), animations: 'disabled' });
  };
  const file = (name) => path.join(samples.workspace, name);
  const openssl = (...args) => execFileSync('openssl', args, { cwd: samples.workspace, encoding: 'utf8' });
  const idac = async (...args) => {
    const { code, out, err } = await runIdac([...args, '--format', 'json', '-C', samples.workspace], {
      env: { ...samples.environment, IDAC_PASSPHRASE: passphrase },
    });
    assert.equal(code, 0, err);
    return JSON.parse(out);
  };
  /** What stands at the target: its certificate, and that the key beside it is this certificate's. */
  const delivered = () => {
    const certificate = new X509Certificate(readFileSync(file(CHAIN)));
    assert.equal(openssl('pkey', '-in', KEY, '-pubout'), openssl('x509', '-in', CHAIN, '-noout', '-pubkey'));
    openssl(
      'verify',
      '-no-CAfile',
      '-no-CApath',
      '-trusted',
      'pki/internal-ca.roots.pem',
      '-untrusted',
      CHAIN,
      CHAIN,
    );
    return { fingerprint: bare(certificate.fingerprint256), serialNumber: certificate.serialNumber };
  };
  const recorded = async () => {
    const { identities } = await idac('inventory');
    return identities.find(({ kind, namespace, name }) => `${kind}/${namespace}/${name}` === SUBJECT.id);
  };
  const events = () =>
    readdirSync(file('.identity/records/tracking/Certificate/parcel-events'))
      .sort()
      .map((name) =>
        JSON.parse(
          readFileSync(file(`.identity/records/tracking/Certificate/parcel-events/${name}`), 'utf8'),
        ),
      );
  let first;

  step('the samples open: the tree says what ends next, the editor what is wrong', async () => {
    await ui.openFile(page, 'depots/gates.identity.yaml');
    await ui.seen(page.locator('.squiggly-warning').first());
    await ui.seen(page.locator('.codelens-decoration a', { hasText: /^Rotate$/ }).first());
    await ui.showExpiry(page);
    await ui.seen(ui.row(page, 'platform/firmware-signing, expired'));
    await ui.seen(ui.row(page, 'Within 7 days, 2 identities, 1 needs attention'));
    await ui.seen(ui.row(page, `${SUBJECT.row}, expires in 26 days`));
    await ui.seen(page.locator('.activitybar .badge-content', { hasText: /^2$/ }).first());
    await ui.filterProblems(page, 'gate-leipzg');
    await drag(page, '.part.sidebar', 'right', 45);
    await drag(page, '.part.panel', 'top', 45);
    await take('editor');
    await ui.runCommand(page, 'View: Toggle Panel Visibility');
    const row = await recorded();
    assert.equal(row.status, 'expires in 26 days');
    first = delivered();
    assert.equal(row.fingerprintSha256, first.fingerprint);
  });

  step('Rotate on the lens shows the plan and asks', async () => {
    const before = events();
    await ui.openFile(page, MANIFEST);
    await ui.seen(ui.lens(page, /^valid · 26 days left/));
    await ui.clickLens(page, 'Rotate');
    const asked = await ui.dialog(page);
    ui.mentions(asked.text, `Rotate ${SUBJECT.id}?`, 'Used by tracking-web, depot-displays', 'internal-ca');
    await take('confirm');
    await asked.press('Cancel');
    ui.mentions(await ui.planOnScreen(page), `rotate ${SUBJECT.id}`, 'Nothing has been changed yet.');
    await ui.runCommand(page, 'View: Toggle Primary Side Bar Visibility');
    await take('plan');
    await ui.runCommand(page, 'View: Toggle Primary Side Bar Visibility');
    assert.deepEqual(delivered(), first);
    assert.deepEqual(events(), before, 'nothing was recorded');
  });

  step('confirmed, tree, lens and record say so, and what is delivered is another key', async () => {
    await ui.clickLens(page, 'Rotate');
    await (await ui.dialog(page)).press('Rotate');
    await ui.seen(ui.notification(page, 'parcel-events'));
    await ui.seen(ui.lens(page, /^valid · 29 days left/));
    await ui.seen(ui.row(page, `${SUBJECT.row}, expires in 29 days`));
    await ui.dismissNotifications(page);
    const second = delivered();
    assert.notEqual(second.serialNumber, first.serialNumber);
    const row = await recorded();
    assert.equal(row.fingerprintSha256, second.fingerprint);
    const keys = events().flatMap(({ type, publicText }) =>
      type === 'issued'
        ? [new X509Certificate(publicText).publicKey.export({ type: 'spki', format: 'pem' })]
        : [],
    );
    assert.equal(new Set(keys).size, 2, 'two certificates, two keys');
  });

  step('Revoke wants a reason and the name, then tree, lens and revocation list say so', async () => {
    const { serialNumber } = delivered();
    await ui.clickLens(page, 'Revoke');
    await ui.pick(page, 'Key compromised');
    const asked = await ui.dialog(page);
    ui.mentions(asked.text, SUBJECT.id, 'internal-ca');
    await asked.press('Revoke…');
    await ui.typeInto(page, 'parcel-events');
    await ui.inputTaken(page);
    await ui.seen(ui.lens(page, /^revoked/));
    // The group of what is not issued yet is long; below it stands what was revoked.
    await ui.row(page, 'Not issued yet, ').click();
    await ui.seen(ui.row(page, `${SUBJECT.row}, revoked`));
    await ui.dismissNotifications(page);
    assert.equal((await recorded()).state, 'revoked');
    const list = openssl('crl', '-in', 'pki/internal-ca.crl.pem', '-noout', '-text');
    assert.match(list, new RegExp(`Serial Number: 0*${serialNumber}[^]*?Key Compromise`, 'i'));
    assert.equal(events().find(({ type }) => type === 'revoked').reason, 'keyCompromise');
  });

  step('the dashboard looks ahead as far as its slider is moved', async () => {
    await ui.runCommand(page, 'View: Close All Editors');
    await ui.runCommand(page, 'View: Toggle Primary Side Bar Visibility');
    await ui.runCommand(page, 'Identity: Open Dashboard');
    const content = ui.webview(page);
    const today = await idac('outlook');
    await ui.seen(content.locator('.headline', { hasText: sentence('Today: ', today) }));
    await content.getByRole('slider').focus();
    for (let day = 0; day < 40; day += 1) await page.keyboard.press('ArrowRight');
    await ui.hasText(content.locator('output'), 'in 40 days');
    const later = await idac(
      'outlook',
      '--on',
      new Date(Date.now() + 40 * 86_400_000).toISOString().slice(0, 10),
    );
    assert.notDeepEqual(later.outlook.state, today.outlook.state);
    await ui.seen(content.getByText(sentence('On .+, if nobody renews: ', later)));
    await take('dashboard');
    await ui.runCommand(page, 'View: Toggle Primary Side Bar Visibility');
  });

  step('a certificate is shown with its chain, and is the one on disk', async () => {
    await ui.runCommand(page, 'View: Close All Editors');
    await ui.openFile(page, 'payments/ledger.identity.yaml');
    await ui.runCommand(page, 'Identity: Show Certificate');
    await ui.pick(page, VIEWED.id);
    const content = ui.webview(page);
    await ui.seen(content.getByText('Leads to a trust anchor of this project'));
    await take('certificate');
    await content.getByRole('button', { name: 'Copy SHA-256', exact: true }).first().click();
    const shown = bare(
      openssl('x509', '-in', VIEWED.file, '-noout', '-fingerprint', '-sha256').split('=')[1],
    );
    await page.waitForFunction(
      async (wanted) => (await navigator.clipboard.readText()).toLowerCase() === wanted,
      shown,
    );
  });

  step('nothing went wrong unseen: the record is whole, the logs are clean', async () => {
    await idac('log', 'verify');
    assert.deepEqual([...vscode.errors(), ...vscode.treeErrors()], []);
  });
});

/** As the dashboard says it. */
function sentence(opening, { outlook: { state } }) {
  return new RegExp(`^${opening}${state.expired} expired, ${state.due} due for renewal$`);
}

const bare = (fingerprint) => fingerprint.replaceAll(':', '').trim().toLowerCase();

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
