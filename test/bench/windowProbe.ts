/**
 * Runs inside VS Code's extension host for `npm run bench:window`: types into a manifest, opens the dashboard, and keeps a
 * profile of the host meanwhile. It prints what it did and when, one line of JSON each; the window is watched from outside.
 */
import { existsSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { longestTurns, type Profile } from './hostProfile.ts';

const EXTENSION = 'identity-as-code.identity-as-code';
/** Fine enough for turns of 50 ms. */
const SAMPLE_MICROSECONDS = 1000;
const EDITS = 30;

/** The bench outside says by files in this folder how far it has come. */
const signals = process.env['IDAC_BENCH_SIGNALS'] ?? '';
const file = process.env['IDAC_BENCH_FILE'] ?? '';

const say = (what: string, facts: object = {}): void =>
  console.log(`BENCH ${JSON.stringify({ what, at: Date.now(), ...facts })}`);

async function signal(name: string): Promise<void> {
  while (!existsSync(path.join(signals, name))) await new Promise((resolve) => setTimeout(resolve, 5));
}

export async function run(): Promise<void> {
  const profiler = new Session();
  profiler.connect();
  await profiler.post('Profiler.enable');
  await profiler.post('Profiler.setSamplingInterval', { interval: SAMPLE_MICROSECONDS });
  await profiler.post('Profiler.start');

  const extension = vscode.extensions.getExtension(EXTENSION);
  if (extension === undefined) throw new Error('the extension is not there');
  await extension.activate();
  await signal('rows');

  const document = await vscode.workspace.openTextDocument(file);
  const editor = await vscode.window.showTextDocument(document, { preserveFocus: true });
  await vscode.commands.executeCommand('identity.inventory.focus');
  await vscode.commands.executeCommand('identity.filterInventory', 'probe-');
  await signal('filtered');
  for (let edit = 1; edit <= EDITS; edit += 1) {
    const text = document.getText();
    const begin = text.indexOf('team: ') + 'team: '.length;
    const end = text.indexOf(',', begin);
    const range = new vscode.Range(document.positionAt(begin), document.positionAt(end));
    say('edit', { edit });
    await editor.edit((change) => change.replace(range, `bench-${edit}-end`));
    await signal(`edit-${edit}`);
    // As somebody types: not in the same moment.
    await new Promise((resolve) => setTimeout(resolve, 400));
  }
  await vscode.commands.executeCommand('workbench.action.files.revert');

  say('dashboard');
  await vscode.commands.executeCommand('identity.openDashboard');
  await signal('dashboard');

  const { profile } = await profiler.post('Profiler.stop');
  say('profile', {
    turns: longestTurns(profile as Profile, (url) => url.endsWith('/client/dist/extension.cjs')),
  });
}
