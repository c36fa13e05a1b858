import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { REPOSITORY } from '../../support/idac.ts';

interface Manifest {
  readonly activationEvents: readonly string[];
  readonly extensionKind: readonly string[];
  readonly capabilities: {
    readonly untrustedWorkspaces: {
      readonly supported: string;
      readonly restrictedConfigurations: readonly string[];
    };
    readonly virtualWorkspaces: { readonly supported: string };
  };
  readonly contributes: {
    readonly configuration: { readonly properties: Readonly<Record<string, Setting>> };
    readonly commands: readonly Command[];
    readonly menus: Readonly<Record<string, readonly { readonly command?: string }[]>>;
    readonly views: { readonly identity: readonly { readonly id: string }[] };
    readonly viewsWelcome: readonly { readonly view: string; readonly contents: string }[];
  };
}
interface Setting {
  readonly order?: number;
  readonly scope?: string;
  readonly markdownDescription?: string;
  readonly default?: unknown;
}
interface Command {
  readonly command: string;
  readonly title: string;
  readonly category?: string;
}

const read = (file: string): string => readFileSync(path.join(REPOSITORY, file), 'utf8');
const manifest: Manifest = JSON.parse(read('package.json'));
const TEXT = /^%[\w.]+%$/;
/** A palette that is longer than that is not read. */
const SETTINGS = 25;

describe('docs/ux.md', () => {
  const named = [...read('docs/ux.md').matchAll(/`((?:test|suite|ui)\/[\w./-]+)`/g)].map(
    ([, file = '']) => file,
  );
  it('names tests that are there', () => {
    assert.ok(named.length > 40);
    const missing = named.filter(
      (file) => !existsSync(path.join(REPOSITORY, file.startsWith('test/') ? file : `test/vscode/${file}`)),
    );
    assert.deepEqual(missing, []);
  });
});

describe('package.json of the extension', () => {
  const { contributes, capabilities } = manifest;
  const settings = Object.entries(contributes.configuration.properties);

  it(`has at most ${SETTINGS} settings, each with a text, a scope, a default and a place in the order`, () => {
    assert.ok(settings.length <= SETTINGS, `${settings.length}`);
    for (const [name, { order, scope, markdownDescription, ...more }] of settings) {
      assert.match(name, /^idac\.[a-zA-Z0-9.]+$/);
      assert.match(markdownDescription ?? '', TEXT, name);
      assert.ok(scope !== undefined && order !== undefined && 'default' in more, name);
    }
    const orders = settings.map(([, { order }]) => order);
    assert.equal(new Set(orders).size, orders.length, 'no two in the same place');
  });

  it('keeps what could run code out of the hands of a folder', () => {
    const ofMachine = settings.filter(([, { scope }]) => scope === 'machine').map(([name]) => name);
    assert.ok(ofMachine.includes('idac.pkcs11.modules'));
    // The text of open files comes into the log with it.
    assert.ok(ofMachine.includes('idac.trace.server'));
    for (const name of ofMachine)
      assert.ok(capabilities.untrustedWorkspaces.restrictedConfigurations.includes(name), name);
  });

  it('starts with manifests, and with nothing else', () => {
    assert.ok(manifest.activationEvents.includes('onLanguage:identity-yaml'));
    for (const event of manifest.activationEvents)
      assert.match(
        event,
        /^(onLanguage:identity-yaml|workspaceContains:\*\*\/\*\.identity\..*|onWebviewPanel:identity\..*)$/,
      );
  });

  it('says on which kinds of host it does what', () => {
    assert.deepEqual(manifest.extensionKind, ['workspace']);
    assert.equal(capabilities.untrustedWorkspaces.supported, 'limited');
    assert.equal(capabilities.virtualWorkspaces.supported, 'limited');
  });

  it('has commands with a category and a text, and menus of these alone', () => {
    const known = new Set(contributes.commands.map(({ command }) => command));
    for (const { command, title, category } of contributes.commands) {
      assert.equal(category, 'Identity', command);
      assert.match(title, TEXT, command);
    }
    for (const [menu, items] of Object.entries(contributes.menus))
      for (const { command } of items)
        assert.ok(command === undefined || known.has(command), `${menu}: ${command ?? ''}`);
  });

  it('has at most three views, and for the first a word for each way to be empty', () => {
    const views = contributes.views.identity.map(({ id }) => id);
    assert.ok(views.length <= 3, views.join());
    const contents = contributes.viewsWelcome.filter(({ view }) => view === views[0]);
    for (const state of ['noFolder', 'starting', 'none', 'restricted', 'failed', 'absent'])
      assert.ok(
        contents.some((each) => each.contents === `%welcome.${state}%`),
        state,
      );
  });

  it('shows texts as VS Code shows them: no code marks in welcome content', () => {
    const texts: Readonly<Record<string, string>> = JSON.parse(read('package.nls.json'));
    const marked = Object.entries(texts).filter(
      ([key, words]) => /^welcome\./.test(key) && words.includes('`'),
    );
    assert.deepEqual(marked, []);
  });
});
