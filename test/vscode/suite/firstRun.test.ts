import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as vscode from 'vscode';
import type { ProjectInventory } from '../../../server/src/lsp/protocol.ts';
import { folder, lensesOf, open, until, withPerson } from './editor.ts';

const FOUND = 'found/legacy.pem';
const MANIFEST = 'identities/legacy-example-com.identity.yaml';

describe('a certificate that lay in the folder', () => {
  before(async () => {
    await vscode.workspace.fs.createDirectory(vscode.Uri.joinPath(folder(), 'found'));
    const names = ['-subj', '/CN=legacy.example.com', '-addext', 'subjectAltName=DNS:legacy.example.com'];
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', '/dev/null'];
    execFileSync('openssl', ['req', '-x509', ...key, '-days', '90', ...names, '-out', FOUND], {
      cwd: folder().fsPath,
      stdio: 'ignore',
    });
    await vscode.commands.executeCommand('identity.refreshFound');
  });

  it('is not adopted where the person says no', async () => {
    const { value } = await withPerson({ picked: first, button: () => undefined }, () =>
      vscode.commands.executeCommand('identity.adoptAll'),
    );
    assert.equal(value, undefined);
    assert.equal(await exists(MANIFEST), false);
  });

  it('is adopted once its manifest was shown, and has its real end', async () => {
    const asked: string[] = [];
    const { messages } = await withPerson(
      {
        picked: first,
        button: ({ message, detail }) => {
          asked.push(message, detail);
          return 'Adopt';
        },
      },
      () => vscode.commands.executeCommand('identity.adoptAll'),
    );
    assert.match(asked.join('\n'), /legacy\.example\.com/);
    assert.match(asked.join('\n'), /identities\/legacy-example-com\.identity\.yaml/);
    assert.match(messages.map(({ text }) => text).join('\n'), /Adopted/);
    const { document } = await open(MANIFEST);
    assert.equal(document.isDirty, false);
    await until('the lens says valid', async () => {
      const [state] = await lensesOf(document, 'legacy-example-com');
      return state?.startsWith('valid') || undefined;
    });
    const [project] = await vscode.commands.executeCommand<ProjectInventory[]>('idac.inventory', {});
    const row = project?.rows.find(({ name }) => name === 'legacy-example-com');
    assert.equal(
      row?.notAfter,
      new Date(
        new X509Certificate(readFileSync(vscode.Uri.joinPath(folder(), FOUND).fsPath)).validTo,
      ).toISOString(),
    );
    assert.equal(row?.state, 'active');
  });

  it('a key store is adopted with its passphrase, which is asked for and not kept', async () => {
    const passphrase = `p-${randomBytes(9).toString('hex')}`;
    const run = (line: string, ...more: readonly string[]) =>
      execFileSync('openssl', [...line.split(' '), ...more], { cwd: folder().fsPath, stdio: 'ignore' });
    run(
      'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout found/old.key -out found/old.crt -days 60 -subj /CN=old.example.com -addext subjectAltName=DNS:old.example.com',
    );
    run(
      'pkcs12 -export -in found/old.crt -inkey found/old.key -out found/old.p12 -passout',
      `pass:${passphrase}`,
    );
    for (const name of ['old.key', 'old.crt'])
      await vscode.workspace.fs.delete(vscode.Uri.joinPath(folder(), 'found', name));
    await vscode.commands.executeCommand('identity.refreshFound');
    const node = {
      found: {
        root: folder().toString(),
        item: { id: 'store:found/old.p12', adopt: 'Certificate', locked: true },
      },
    };
    const adopt = (typed: string) =>
      withPerson({ picked: first, typed: () => typed, button: () => 'Adopt' }, () =>
        vscode.commands.executeCommand('identity.adopt', node),
      );
    const { messages } = await until('the key store is found', async () => {
      const tried = await adopt('another');
      return tried.messages.length > 0 ? tried : undefined;
    });
    assert.match(
      messages[0]?.text ?? '',
      /old\.p12 was not adopted\. The passphrase that was given does not open it/,
    );
    const done = await adopt(passphrase);
    assert.match(done.messages.map(({ text }) => text).join('\n'), /Adopted old-example-com/);
    const { document } = await open('identities/old-example-com.identity.yaml');
    assert.ok(!document.getText().includes(passphrase));
  });

  it('has a walkthrough and wizards beside it', async () => {
    const known = new Set(await vscode.commands.getCommands(true));
    for (const command of [
      'identity.newIdentity',
      'identity.newBackend',
      'identity.adopt',
      'identity.adoptAll',
    ])
      assert.ok(known.has(command), command);
  });
});

/** Whoever renews it today. */
function first(labels: readonly string[]): string | undefined {
  return labels[0];
}

async function exists(path: string): Promise<boolean> {
  return vscode.workspace.fs.stat(vscode.Uri.joinPath(folder(), path)).then(
    () => true,
    () => false,
  );
}
