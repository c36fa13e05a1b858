// Files of certificates and keys as somebody sees them who opens them in the explorer or by their name.
import assert from 'node:assert/strict';
import { copyFileSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { accessibleInEveryTheme } from './accessibility.mjs';
import * as ui from './window.mjs';

export const options = { trusted: true };

export default async function viewer({ page, step, workspace }) {
  const complaints = ui.complaints(page);
  const content = ui.webview(page);
  const heading = (level, name) => content.getByRole('heading', { level, name });
  /** Binary files open in the viewer by themselves; text is shown in it when the person asks. */
  const openText = async (name) => {
    await ui.openFile(page, `files/${name}`);
    await ui.runCommand(page, 'Identity: Open in Credential Viewer');
    await ui.seen(heading(1, name));
  };
  const openBinary = async (name) => {
    await ui.openFile(page, `files/${name}`);
    await ui.seen(heading(1, name));
  };
  const shows = async (...texts) => {
    for (const text of texts) await ui.seen(content.getByText(text, { exact: false }).first());
  };

  await step('a chain, from its root to its leaf', async () => {
    await openText('chain.pem');
    await shows('1 certificate, 1 CA certificate, 1 root certificate', 'Complete up to its root');
    assert.deepEqual(await content.locator('.path .role').allTextContents(), [
      'Root',
      'Intermediate',
      'Leaf',
    ]);
    await shows(
      'Valid · 46 days left',
      'spiffe://fernweh.example/tracking',
      'must staple an OCSP answer',
      'domain validated',
    );
    await picture(page, 'chain');
  });

  await step('a fingerprint is copied as one number', async () => {
    await content.getByRole('button', { name: 'Copy SHA-256', exact: true }).first().click();
    await page.waitForFunction(async () => /^[0-9a-f]{64}$/.test(await navigator.clipboard.readText()));
  });

  await step('the issuer of a chain is opened from it by keyboard', async () => {
    const link = content.locator('.path').getByRole('button', { name: 'Fernweh Freight Root' });
    await link.focus();
    await page.keyboard.press('Enter');
    await ui.seen(content.locator('#card-2[open]'));
  });

  await step('a chain that is broken says where', async () => {
    await openText('broken.pem');
    await shows(
      'The chain is broken at tracking.fernweh.example',
      'Its signature is not by the key of its issuer.',
    );
    await picture(page, 'broken');
  });

  await step('a binary certificate opens by itself', async () => {
    await openBinary('leaf.der');
    await shows('tracking.fernweh.example');
  });

  await step(
    'a PKCS#12 file tells what is inside after its passphrase was given, and never its key',
    async () => {
      await openBinary('leaf.p12');
      await shows('cannot be told without the passphrase');
      await picture(page, 'locked');
      await content.getByRole('button', { name: 'Enter Passphrase…' }).click();
      await ui.typeInto(page, 'wrong');
      await shows('The passphrase that was given does not open it.');
      await content.getByRole('button', { name: 'Enter Passphrase…' }).click();
      await ui.typeInto(page, readFileSync(path.join(workspace, '..', 'passphrase.txt'), 'utf8'));
      await shows('1 certificate, 1 CA certificate, 1 private key');
      await picture(page, 'opened');
    },
  );

  await step('a long revocation list is paged, and a serial number is found in it', async () => {
    await openBinary('issuing.crl');
    await shows('3000 certificates', '100 of 3,000 rows');
    await content.getByRole('button', { name: 'Show 100 More of 3,000' }).click();
    await shows('200 of 3,000 rows');
    await content.getByLabel('Serial number (hex)').fill('100bb7');
    await ui.seen(content.locator('tbody tr:only-child', { hasText: '100bb7' }));
    await shows('1 of 1 rows');
    await picture(page, 'crl');
  });

  await step('a request, an SSH key and its certificate', async () => {
    await openText('request.csr');
    await shows('Certificate request', 'its signature fits its key');
    await openText('id_ed25519.pub');
    await shows('deploy@fernweh.example', 'Ed25519');
    await openText('id_ed25519-cert.pub');
    await shows('SSH user certificate', 'deploy-robot', 'release', 'source-address=10.0.0.0/8');
    await picture(page, 'ssh');
  });

  await step('of a private key only what is public', async () => {
    await openText('service.key');
    await shows('Private key', 'Not encrypted', 'ECDSA-P256', 'never displayed');
    const text = await content.locator('body').textContent();
    const [secret] = readFileSync(path.join(workspace, 'files/service.key'), 'utf8').split('\n').slice(1);
    assert.ok(!text.includes(secret.slice(0, 20)));
    await picture(page, 'key');
  });

  await step('what a hostile author wrote is shown as text', async () => {
    await openText('hostile.pem');
    await shows('<img src=x onerror=alert(1)>', 'bank\\u{202e}gpj.example');
    assert.equal(await content.locator('img').count(), 0);
  });

  await step('1,500 names come in pages', async () => {
    await openText('many.pem');
    await shows('host-50.fernweh.example');
    await content.getByRole('button', { name: 'Show 50 More of 1,500' }).click();
    await shows('host-100.fernweh.example');
  });

  await step('a file that is no credential says so, and opens as text', async () => {
    await openText('notes.pem');
    await shows('No certificate and no key is in this file');
    await content.getByRole('button', { name: 'Open as Text' }).click();
    await ui.seen(page.locator('.view-lines', { hasText: 'Nothing to see here.' }).first());
  });

  await step('what changes on disk changes in the viewer', async () => {
    await openText('notes.pem');
    await shows('No certificate and no key is in this file');
    copyFileSync(path.join(workspace, 'files/chain.pem'), path.join(workspace, 'files/notes.pem'));
    await shows('1 certificate, 1 CA certificate, 1 root certificate');
  });

  await step('nothing was refused by its policy', () => assert.deepEqual(complaints, []));

  await step('a page with findings, a broken chain and tables', async () => {
    copyFileSync(path.join(workspace, 'files/broken.pem'), path.join(workspace, 'files/notes.pem'));
    await shows('The chain is broken at tracking.fernweh.example');
  });
  await accessibleInEveryTheme({ step, workspace, content, look: (theme) => picture(page, theme) });
}

/** For who looks at it, where a folder is named. */
async function picture(page, name) {
  const folder = process.env.IDAC_UI_PICTURES;
  if (folder !== undefined) await page.screenshot({ path: path.join(folder, `viewer-${name}.png`) });
}
