#!/usr/bin/env node
// Runs this extension in a real VS Code:
//
//   node test/vscode/runInCodeServer.mjs --tests test/out/vscode/suite.cjs --workspace DIR   a mocha suite inside the extension host
//   node test/vscode/runInCodeServer.mjs --ui test/vscode/ui/lifecycle.mjs --workspace DIR   a script that drives the window
//
// --vsix FILE runs its package in place of this folder, --extension DIR what lies there; --calls FILE gets whom VS Code and the extension connect to.
// A UI script exports `default async ({ page, workspace, step }) => {…}`, and `options` (settings, trusted; webOnly:
// with no machine behind the window) if it needs any.
// --env NAME=VALUE (repeatable) reaches the extension host and the language server; --setting NAME=JSON (repeatable) is
// the machine's; --timeout: seconds for everything.
// Exit code: 0 passed, 1 suite or script failed, 2 VS Code failed or time ran out.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { isInstalled, openVsCode } from './host.mjs';
import { openWebOnly } from './webHost.mjs';

const repository = path.resolve(import.meta.dirname, '../..');
const { values } = parseArgs({
  options: {
    tests: { type: 'string' },
    ui: { type: 'string' },
    vsix: { type: 'string' },
    extension: { type: 'string', default: repository },
    calls: { type: 'string' },
    workspace: { type: 'string' },
    env: { type: 'string', multiple: true, default: [] },
    setting: { type: 'string', multiple: true, default: [] },
    timeout: { type: 'string', default: '240' },
  },
});

class TimeRanOut extends Error {}

const pairs = (given) => given.map((pair) => pair.split(/=(.*)/s).slice(0, 2));

async function run() {
  if (values.workspace === undefined || (values.tests === undefined) === (values.ui === undefined)) {
    throw new Error('give --workspace, and one of --tests and --ui');
  }
  if (!isInstalled()) throw new Error('there is no VS Code host: run test/vscode/install first');
  const script =
    values.ui === undefined ? undefined : await import(pathToFileURL(path.resolve(values.ui)).href);
  const open = script?.options?.webOnly ? openWebOnly : openVsCode;
  const vscode = await open({
    ...(values.vsix === undefined ? { extension: values.extension } : { vsix: values.vsix }),
    workspace: values.workspace,
    env: Object.fromEntries(pairs(values.env)),
    machineSettings: Object.fromEntries(
      pairs(values.setting).map(([name, json]) => [name, JSON.parse(json)]),
    ),
    onOutput: (line) => console.log(line),
    ...(values.tests === undefined ? {} : { tests: values.tests }),
    ...(values.calls === undefined ? {} : { calls: values.calls }),
    ...script?.options,
  });
  for (const signal of ['SIGINT', 'SIGTERM'])
    process.once(signal, () => vscode.close().then(() => process.exit(2)));
  try {
    return await inTime(script === undefined ? vscode.ended : drive(script.default, vscode));
  } catch (error) {
    console.error(error.stack);
    console.error(vscode.logs());
    return error instanceof TimeRanOut ? 2 : 1;
  } finally {
    await vscode.close();
  }
}

/** Steps are numbered and named, so that a failure says how far it came. */
async function drive(script, { page, ended, errors, treeErrors }) {
  const step = async (name, action) => {
    const started = Date.now();
    try {
      const value = await action();
      console.log(`  ✔ ${name} (${Date.now() - started} ms)`);
      return value;
    } catch (error) {
      console.error(`  ✘ ${name}`);
      await page.screenshot({ path: path.join(repository, 'test/out/ui-failure.png') }).catch(() => {});
      throw error;
    }
  };
  await Promise.race([script({ page, step, workspace: path.resolve(values.workspace) }), ended]);
  // A person who does everything right meets no error in the log.
  const logged = [...errors(), ...(treeErrors?.() ?? [])];
  for (const line of logged) console.error(line);
  return logged.length === 0 ? 0 : 1;
}

async function inTime(work) {
  let timer;
  const limit = new Promise((_, reject) => {
    timer = setTimeout(
      () => reject(new TimeRanOut(`not done after ${values.timeout} s`)),
      Number(values.timeout) * 1000,
    );
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}

process.exitCode = await run().then(
  (code) => (code === 0 ? 0 : code === 2 ? 2 : 1),
  (error) => {
    console.error(error.message);
    return 2;
  },
);
