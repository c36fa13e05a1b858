import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Outcome, OutcomeOfAll, Refusal } from '../../../client/src/protocol.ts';
import type { ProjectInventory } from '../../../server/src/lsp/protocol.ts';
import type { Message, Person } from './editor.ts';
import { folder, lensesOf, open, until, withPerson } from './editor.ts';
import { STUCK, SUBJECT, WAITING } from './subject.ts';

const IDENTITY = `Certificate/${SUBJECT.namespace}/${SUBJECT.name}`;

describe('one certificate from the lens to the record', () => {
  it('says no: nothing is done, nothing is recorded', async () => {
    await open(SUBJECT.manifest);
    const { value: outcome } = await act('issue', { button: () => undefined });
    assert.notEqual(stateOf(outcome), 'done');
    assert.deepEqual(await recordFiles(), []);
  });

  it('offers to issue it at its name, and the quick fix asks as the lens does', async () => {
    const { document } = await open(SUBJECT.manifest);
    const line = document
      .getText()
      .split('\n')
      .findIndex((text) => text.includes(`name: ${SUBJECT.name}`));
    const at = new vscode.Position(line, document.lineAt(line).text.indexOf(SUBJECT.name) + 1);
    const fix = await until('the quick fix', async () => {
      const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
        'vscode.executeCodeActionProvider',
        document.uri,
        new vscode.Range(at, at),
      );
      return actions.find(({ title }) => title === 'Issue now…');
    });
    assert.ok(fix.command);
    const { command, arguments: args = [] } = fix.command;
    const asked: string[] = [];
    const { value: outcome } = await withPerson(
      {
        button: ({ message }) => {
          asked.push(message);
          return undefined;
        },
      },
      () => vscode.commands.executeCommand<Outcome>(command, ...args),
    );
    assert.deepEqual(asked, [`Issue ${IDENTITY}?`]);
    assert.notEqual(stateOf(outcome), 'done');
    assert.deepEqual(await recordFiles(), []);
  });

  it('refuses while the manifest has unsaved changes, and offers to save', async () => {
    const editor = await open(SUBJECT.manifest);
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), '# not saved\n'));
    const { value: outcome, messages } = await act('issue', yes);
    assert.ok('refused' in outcome.result, JSON.stringify(outcome.result));
    assert.equal(outcome.result.code, 'refused/dirty-manifest');
    assert.deepEqual(messages[0]?.choices, ['Save and Try Again']);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });

  it('issues after a confirmation that names identity, backend and consequence', async () => {
    const asked: { message: string; detail: string; buttons: readonly string[]; plan: string }[] = [];
    const { value: outcome, messages } = await act('issue', {
      button: (dialog) => {
        asked.push({ ...dialog, plan: planOnScreen() });
        return 'Issue';
      },
    });
    assert.equal(stateOf(outcome), 'done', outcome.message);
    assert.equal(asked.length, 1);
    const dialog = asked[0];
    assert.ok(dialog);
    assert.match(`${dialog.message}\n${dialog.detail}`, new RegExp(SUBJECT.name));
    assert.match(dialog.detail, /Backend: \S+/);
    assert.match(dialog.plan, /^issue Certificate\/tracking\/tracking-web/);
    assert.match(dialog.plan, /Nothing has been changed yet\./);
    assert.match(dialog.plan, /idac issue/);
    assert.equal(messages.length, 1);
    assert.deepEqual(messages[0]?.choices, ['Open', 'Show Audit']);

    const { document } = await open(SUBJECT.manifest);
    await until('the lens says valid', async () => {
      const titles = await lensesOf(document, SUBJECT.name);
      return (/^(valid · |expires in )/.test(titles[0] ?? '') && titles.includes('Rotate')) || undefined;
    });
    const rows = await inventory();
    assert.ok(rows.length > 0);
    for (const row of rows) assert.match(row.fingerprintSha256 ?? '', /^[0-9a-f]{64}$/);
    assert.ok((await recordFiles()).length > 0, 'the record has its files');
    for (const file of outcome.files) await vscode.workspace.fs.stat(vscode.Uri.parse(file));
    assert.ok(outcome.files.length > 0, 'what was delivered can be opened');
  });

  it('verifies what it issued', async () => {
    const { messages } = await withPerson({}, () =>
      vscode.commands.executeCommand('idac.verify', { identity: IDENTITY, uri: folder().toString() }),
    );
    assert.match(messages[0]?.text ?? '', /checks, all good/);
  });

  it('rotates to another key', async () => {
    const before = await inventory();
    const { value: outcome } = await act('rotate', yes);
    assert.equal(stateOf(outcome), 'done', outcome.message);
    const after = await inventory();
    assert.equal(after.length, before.length);
    for (const { machine, fingerprintSha256 } of after) {
      const old = before.find((row) => row.machine === machine);
      assert.notEqual(fingerprintSha256, old?.fingerprintSha256);
    }
  });

  it('does not revoke when another name is typed', async () => {
    const { value: outcome } = await act('revoke', { ...yes, picked: first, typed: () => 'another-name' });
    assert.notEqual(stateOf(outcome), 'done');
    assert.ok((await inventory()).every(({ state }) => state !== 'revoked'));
  });

  it('revokes when its name is typed, with the reason that was chosen', async () => {
    const prompts: string[] = [];
    const { value: outcome } = await act('revoke', {
      ...yes,
      picked: (labels) => labels.find((label) => label === 'No longer needed'),
      typed: ({ prompt }) => {
        prompts.push(prompt);
        return SUBJECT.name;
      },
    });
    assert.equal(stateOf(outcome), 'done', outcome.message);
    assert.equal(prompts.length, 1);
    const { document } = await open(SUBJECT.manifest);
    await until(
      'the lens says revoked',
      async () => /^revoked/.test((await lensesOf(document, SUBJECT.name))[0] ?? '') || undefined,
    );
    assert.ok((await inventory()).every(({ state }) => state === 'revoked'));
  });
});

describe('an action that has to wait', () => {
  const identity = `Certificate/${WAITING.namespace}/${WAITING.name}`;

  it('says so, offers to go on and to take it back, and takes it back', async () => {
    const { document } = await open(WAITING.manifest);
    const issued = await act('issue', yes, identity);
    assert.equal(stateOf(issued.value), 'done', issued.value.message);
    const before = await rowsNamed(WAITING.name);

    const rotated = await act('rotate', yes, identity);
    assert.equal(stateOf(rotated.value), 'unfinished');
    const offered = rotated.messages[0]?.choices ?? [];
    assert.ok(offered.includes('Resume') && offered.includes('Undo'), offered.join(', '));
    await until('the lens offers it too', async () => {
      const titles = await lensesOf(document, WAITING.name);
      return (titles.includes('Resume') && titles.includes('Undo')) || undefined;
    });

    const resume = { planId: rotated.value.resume?.planId, how: 'undo', uri: folder().toString() };
    const undone = await withPerson(yes, () =>
      vscode.commands.executeCommand<Outcome>('idac.resume', resume),
    );
    assert.equal(stateOf(undone.value), 'undone', undone.value.message);
    assert.deepEqual(
      (await rowsNamed(WAITING.name)).map((row) => row.fingerprintSha256),
      before.map((row) => row.fingerprintSha256),
    );
  });
});

describe('an action that can never be finished', () => {
  it('is given up on its lens, once the name was typed', async () => {
    const list = vscode.Uri.joinPath(folder(), STUCK.list);
    const { document } = await open(STUCK.manifest);
    const issued = await act('issue', yes, STUCK.identity);
    assert.equal(stateOf(issued.value), 'done', issued.value.message);
    await vscode.workspace.fs.delete(list);
    await vscode.workspace.fs.createDirectory(vscode.Uri.joinPath(list, 'of-somebody-else'));
    const typing = (text: string): Person => ({ ...yes, picked: first, typed: () => text });
    const revoked = await act('revoke', typing(STUCK.name), STUCK.identity);
    assert.equal(stateOf(revoked.value), 'unfinished', revoked.value.message);
    assert.ok(revoked.messages[0]?.choices.includes('Abandon…'), revoked.messages[0]?.choices.join());
    await until(
      'the lens offers it too',
      async () => (await lensesOf(document, STUCK.name)).includes('Abandon…') || undefined,
    );
    const abandon = { planId: revoked.value.resume?.planId, uri: folder().toString() };
    const asked: string[] = [];
    const kept = await withPerson(
      {
        button: ({ detail, buttons }) => {
          asked.push(detail);
          return buttons[0];
        },
        typed: () => 'another-name',
      },
      () => vscode.commands.executeCommand<Outcome>('idac.abandon', abandon),
    );
    assert.match(asked[0] ?? '', /^What is not done:\npublishes the new list/);
    assert.notEqual(stateOf(kept.value), 'abandoned');
    const given = await withPerson(typing(STUCK.name), () =>
      vscode.commands.executeCommand<Outcome>('idac.abandon', abandon),
    );
    assert.equal(stateOf(given.value), 'abandoned', given.value.message);
    await until('its lens is gone', async () =>
      (await lensesOf(document, STUCK.name)).includes('Abandon…') ? undefined : true,
    );
    await vscode.workspace.fs.delete(list, { recursive: true });
  });
});

describe('a selection', () => {
  const identities = [`Certificate/payments/ledger-client`, `Certificate/payments/acquirer-client`];
  const statesOf = async () =>
    (await Promise.all(['ledger-client', 'acquirer-client'].map(rowsNamed))).flat().map(({ state }) => state);
  const actOnAll = (verb: string, person: Person, more: readonly string[] = []) =>
    withPerson(person, () =>
      vscode.commands.executeCommand<OutcomeOfAll | Refusal>('idac.runAll', {
        verb,
        subjects: [...identities, ...more].map((identity) => ({ identity, uri: folder().toString() })),
      }),
    );

  it('is asked about once, with every name and backend, and told about once', async () => {
    const asked: { message: string; detail: string; page: string }[] = [];
    const { value, messages } = await actOnAll(
      'issue',
      {
        button: ({ message, detail, buttons }) => {
          const page = vscode.window.visibleTextEditors.find(
            ({ document }) => document.uri.scheme === 'identity-plans',
          );
          asked.push({ message, detail, page: page?.document.getText() ?? '' });
          return buttons[0];
        },
      },
      ['Certificate/payments/nowhere'],
    );
    const [question, ...others] = asked;
    assert.deepEqual(others, []);
    assert.equal(question?.message, 'Issue 2 identities?');
    for (const identity of identities) {
      assert.match(question.detail, new RegExp(identity));
      assert.match(question.page, new RegExp(`^${identity}$`, 'm'));
    }
    assert.match(question.detail, /Backend: internal-ca/);
    assert.match(question.detail, /Left as they are: 1\nCertificate\/payments\/nowhere: /);
    assert.match(question.page, /Nothing has been changed yet\./);
    assert.ok('parts' in value, JSON.stringify(value));
    assert.deepEqual(
      value.parts.map(({ state }) => state),
      ['done', 'done', 'refused'],
    );
    assert.deepEqual(
      messages.map(({ text }) => text.split('.')[0]),
      ['Issue: 2 of 3 done, 1 refused'],
    );
    assert.deepEqual(messages[0]?.choices.slice(-1), ['Show Details']);
    assert.deepEqual(new Set(await statesOf()), new Set(['active']));
    assert.ok(
      !vscode.window.visibleTextEditors.some(({ document }) => document.uri.scheme === 'identity-plans'),
      'what was asked is history',
    );
  });

  it('is revoked only when verb and number are typed', async () => {
    const typing = (text: string): Person => ({ ...yes, picked: first, typed: () => text });
    for (const text of ['ledger-client', 'revoke', 'revoke 3']) {
      const { messages } = await actOnAll('revoke', typing(text));
      assert.deepEqual(messages, []);
      assert.deepEqual(new Set(await statesOf()), new Set(['active']), text);
    }
    const { messages } = await actOnAll('revoke', typing('revoke 2'));
    assert.equal(messages[0]?.text, 'Revoke: 2 of 2 done.');
    assert.deepEqual(new Set(await statesOf()), new Set(['revoked']));
  });
});

const yes: Person = { button: ({ buttons }) => buttons[0] };
const first = (labels: readonly string[]): string | undefined => labels[0];

function act(
  verb: string,
  person: Person,
  identity = IDENTITY,
): Promise<{ value: Outcome; messages: readonly Message[] }> {
  return withPerson(person, () =>
    vscode.commands.executeCommand<Outcome>('idac.run', { verb, identity, uri: folder().toString() }),
  );
}

function stateOf({ result }: Outcome): string {
  return 'refused' in result ? result.code : result.state;
}

function planOnScreen(): string {
  const editor = vscode.window.visibleTextEditors.find(
    ({ document }) => document.uri.scheme === 'identity-plan',
  );
  return editor?.document.getText() ?? '';
}

function inventory(): Promise<ProjectInventory['rows']> {
  return rowsNamed(SUBJECT.name);
}

async function rowsNamed(wanted: string): Promise<ProjectInventory['rows']> {
  const projects = await vscode.commands.executeCommand<ProjectInventory[]>('idac.inventory', {});
  return projects.flatMap(({ rows }) => rows).filter(({ name }) => name === wanted);
}

async function recordFiles(): Promise<readonly string[]> {
  const folderOfRecord = vscode.Uri.joinPath(
    folder(),
    '.identity/records',
    SUBJECT.namespace,
    'Certificate',
    SUBJECT.name,
  );
  try {
    return (await vscode.workspace.fs.readDirectory(folderOfRecord)).map(([file]) => file);
  } catch {
    return [];
  }
}
