import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Plan } from '../../../client/src/protocol.ts';
import { folder, open, until, withPerson } from './editor.ts';
import { SUBJECT } from './subject.ts';

const IDENTITY = `Certificate/${SUBJECT.namespace}/${SUBJECT.name}`;

/** Before anything is issued: what a plan and a record look like as documents, and that looking changes nothing. */
describe('plans and audits as documents', () => {
  it('a plan is shown with its parts, says when it is outdated, and copies its command line', async () => {
    const editor = await open(SUBJECT.manifest);
    const { value: outcome } = await withPerson({ button: () => undefined }, () =>
      vscode.commands.executeCommand('idac.run', {
        verb: 'issue',
        identity: IDENTITY,
        uri: folder().toString(),
      }),
    );
    assert.ok(outcome);
    const document = await until('the plan', () =>
      vscode.workspace.textDocuments.find(({ uri, isClosed }) => uri.scheme === 'identity-plan' && !isClosed),
    );
    assert.match(document.getText(), /^New$/m);
    assert.match(document.getText(), /^Reaches$/m);
    const titles = async () =>
      (
        await vscode.commands.executeCommand<vscode.CodeLens[]>(
          'vscode.executeCodeLensProvider',
          document.uri,
        )
      ).map(({ command }) => command?.title.replace('\u00a0', ' ') ?? '');
    assert.deepEqual(await titles(), ['$(play) Issue…', 'Copy command line']);
    const parts = await vscode.commands.executeCommand<vscode.DocumentSymbol[]>(
      'vscode.executeDocumentSymbolProvider',
      document.uri,
    );
    assert.ok(
      parts.some(({ name }) => name === 'Steps'),
      parts.map(({ name }) => name).join(', '),
    );
    await vscode.commands.executeCommand('identity.copyPlanCommand', document.uri);
    assert.equal(await vscode.env.clipboard.readText(), `idac issue ${IDENTITY}`);

    await vscode.window.showTextDocument(editor.document);
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), '# typed\n'));
    await until('the plan says that it is outdated', () =>
      /^! Outdated: its manifest changed/m.test(document.getText()) ? true : undefined,
    );
    assert.deepEqual(await titles(), ['$(refresh) Plan again', 'Copy command line']);
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await until('it is of now again', () =>
      /^Nothing has been changed yet\.$/m.test(document.getText()) ? true : undefined,
    );
  });

  it('running the plan in front asks, and no is no', async () => {
    const document = vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'identity-plan');
    assert.ok(document);
    const asked: string[] = [];
    await withPerson(
      {
        button: ({ message }) => {
          asked.push(message);
          return undefined;
        },
      },
      () => vscode.commands.executeCommand('identity.runPlan', document.uri),
    );
    assert.deepEqual(asked, [`Issue ${IDENTITY}?`]);
  });

  it('another extension that calls with a made-up plan gets nowhere', async () => {
    const asked: string[] = [];
    const person = {
      button: ({ message }: { message: string }) => {
        asked.push(message);
        return undefined;
      },
    };
    for (const argument of [
      { planId: 'nonsense', hash: 'nonsense', confirmed: true },
      { planId: '', hash: '', typed: SUBJECT.name },
    ])
      await withPerson(person, () =>
        Promise.resolve(vscode.commands.executeCommand('idac.execute', argument)).catch(() => undefined),
      );
    const plan = await vscode.commands.executeCommand<Plan>('idac.plan', {
      verb: 'issue',
      identity: IDENTITY,
      uri: folder().toString(),
    });
    assert.equal(asked.length, 0);
    await withPerson(person, () =>
      vscode.commands.executeCommand('idac.execute', { planId: plan.id, hash: plan.hash }),
    );
    assert.equal(asked.length, 1, 'with the right plan and hash the person is asked all the same');
  });

  it('the audit opens for an address, and says that nothing was recorded', async () => {
    await vscode.commands.executeCommand('identity.showAudit', {
      identity: IDENTITY,
      uri: folder().toString(),
    });
    const document = await until('the audit', () => {
      const shown = vscode.window.activeTextEditor?.document;
      return shown?.uri.scheme === 'identity-audit' ? shown : undefined;
    });
    assert.match(document.getText(), /^Audit of Certificate\/tracking\/tracking-web$/m);
    assert.match(document.getText(), /none: nothing was recorded/);
    const links = await vscode.commands.executeCommand<vscode.DocumentLink[]>(
      'vscode.executeLinkProvider',
      document.uri,
    );
    assert.ok(links.some(({ target }) => target?.path.endsWith(SUBJECT.manifest)));
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('no hover may run a command', async () => {
    const { document } = await open(SUBJECT.manifest);
    const at = document.positionAt(document.getText().indexOf(`name: ${SUBJECT.name}`) + 8);
    const hovers = await until('a hover', async () => {
      const found = await vscode.commands.executeCommand<vscode.Hover[]>(
        'vscode.executeHoverProvider',
        document.uri,
        at,
      );
      return found.length > 0 ? found : undefined;
    });
    for (const content of hovers.flatMap(({ contents }) => contents))
      if (content instanceof vscode.MarkdownString) assert.ok(content.isTrusted !== true);
  });
});
