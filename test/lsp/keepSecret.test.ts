/** A value from a file into a real OpenBao, and a reference in its place; the server's own API and a YAML reader judge. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { parse } from 'yaml';
import { appRole, needsOpenBao, type OpenBao, setUp, startOpenBao } from '../backends/openbaoServer.ts';
import { PATIENCE } from '../support/idac.ts';
import { vaultBackend } from '../support/vaultProject.ts';
import { CAPABILITIES, type Diagnostic, type Fixture, openFixture } from './fixture.ts';
import { sealingPoint, sealTo } from './sealing.ts';

const APPLYING = {
  ...CAPABILITIES,
  workspace: { ...CAPABILITIES.workspace, applyEdit: true },
  experimental: { identityConfirm: true, identitySignIn: true },
};
const PASSWORD = `Kq${'7w'}Zp93dL`;
const BACKEND = 'vault.identity.yaml';
const VARIABLES = 'group_vars/shop.yml';
const TEXT = `---\nshop_user: shop\nshop_db_password: ${PASSWORD} # of the shop\n`;

interface Action {
  title: string;
  command?: { command: string; arguments: [object] };
}
interface Kept {
  refused?: boolean;
  what?: string;
  reference?: string;
  committed?: boolean | null;
}
interface Asked {
  edit: { documentChanges: { edits: { range: Diagnostic['range']; newText: string }[] }[] };
}

describe('language server: a value is put into a secret store', function () {
  this.timeout(PATIENCE);
  let bao: OpenBao;
  let fixture: Fixture;
  let answer = 'Put';
  /** What is typed while the person is asked. */
  let typed: string | undefined;
  let isApplied = true;
  before(async function () {
    needsOpenBao(this);
    bao = startOpenBao();
    await setUp(bao);
  });
  after(() => bao?.stop());
  beforeEach(() => {
    answer = 'Put';
    typed = undefined;
    isApplied = true;
  });
  afterEach(() => fixture?.end());

  const open = async (own: string, trusted = true): Promise<void> => {
    const login = await appRole(bao);
    fixture = await openFixture({
      capabilities: APPLYING,
      trusted,
      files: { [BACKEND]: vaultBackend(bao.address, own), [VARIABLES]: TEXT },
      answers: {
        'identity/signIn': (params) => ({
          confirmed: true,
          sealed: sealTo(
            sealingPoint(fixture.client),
            `login\n${(params as { question: string }).question}`,
            Buffer.from(JSON.stringify(login)),
          ),
        }),
        'window/showMessageRequest': (params) => {
          if (typed !== undefined) fixture.change(VARIABLES, 2, [{ text: typed }]);
          const { actions } = params as { actions: { title: string }[] };
          return actions.find(({ title }) => title === answer) ?? null;
        },
        'workspace/applyEdit': () => ({ applied: isApplied }),
      },
    });
    fixture.open(BACKEND);
    if (trusted) {
      const signedIn = await fixture.run<{ ok: boolean; what: string }>('idac.login', {
        backend: 'vault-prod',
        uri: fixture.uri(BACKEND),
      });
      assert.ok(signedIn.ok, signedIn.what);
    }
    fixture.open(VARIABLES, undefined, 'yaml');
  };
  const keeping = async (): Promise<Action | undefined> => {
    const { items } = await fixture.pull(VARIABLES);
    const actions = await fixture.client.request<Action[]>('textDocument/codeAction', {
      textDocument: { uri: fixture.uri(VARIABLES) },
      range: items[0]?.range,
      context: { diagnostics: items },
    });
    return actions.find(({ title }) => title.startsWith('Put the value into vault-prod'));
  };
  const put = async (): Promise<Kept> => {
    const action = await keeping();
    return fixture.run<Kept>(action?.command?.command ?? '', action?.command?.arguments[0] ?? {});
  };
  const kept = async (own: string): Promise<unknown> => {
    const { data } = await bao.root('GET', `secret/data/payments/${own}/group_vars/shop/shop_db_password`);
    return (data as { data: { value: string } }).data.value;
  };
  const told = (): readonly string[] =>
    fixture.client
      .received('window/showMessage')
      .map(({ params }) => (params as { message: string }).message);
  const edits = (): Asked['edit']['documentChanges'][number]['edits'] =>
    fixture.client
      .received('workspace/applyEdit')
      .flatMap(({ params }) => (params as Asked).edit.documentChanges)
      .flatMap(({ edits: some }) => some);

  it('which has it then, and a reference that its reader understands stands in the file', async () => {
    const own = crypto.randomUUID();
    await open(own);
    const { reference, committed } = await put();
    assert.equal(await kept(own), PASSWORD);
    assert.equal(
      reference,
      `{{ lookup('community.hashi_vault.vault_kv2_get', 'payments/${own}/group_vars/shop/shop_db_password', engine_mount_point='secret').secret.value }}`,
    );
    assert.equal(committed, false);
    const [edit, ...others] = edits();
    assert.equal(others.length, 0);
    assert.deepEqual(edit?.range, {
      start: { line: 2, character: 18 },
      end: { line: 2, character: 18 + PASSWORD.length },
    });
    const after = TEXT.replace(PASSWORD, edit?.newText ?? '');
    assert.deepEqual(parse(after), { shop_user: 'shop', shop_db_password: reference });
    fixture.change(VARIABLES, 2, [{ text: after }]);
    assert.deepEqual((await fixture.pull(VARIABLES)).items, []);
    // The value went from the client to the server, and never back.
    const sent = fixture.client.trace().split('\n');
    assert.ok(!sent.some((line) => line.startsWith('←') && line.includes(PASSWORD)));
  });

  it('where something stands already that is left alone', async () => {
    const own = crypto.randomUUID();
    await open(own);
    await bao.root('POST', `secret/data/payments/${own}/group_vars/shop/shop_db_password`, {
      data: { value: 'of somebody else' },
    });
    const { refused, what } = await put();
    assert.equal(refused, true);
    assert.match(what ?? '', /has something at group_vars\/shop\/shop_db_password already/);
    assert.equal(await kept(own), 'of somebody else');
    assert.deepEqual(edits(), []);
    assert.ok(told().some((message) => message.includes(what ?? '?')));
  });

  it('not where the file changed while the person was asked, which is said', async () => {
    const own = crypto.randomUUID();
    await open(own);
    typed = `# another line\n${TEXT}`;
    const { refused, what } = await put();
    assert.equal(refused, true);
    assert.match(what ?? '', /changed while you were asked/);
    assert.ok(told().some((message) => message.includes(what ?? '?')));
    assert.deepEqual(edits(), []);
    await assert.rejects(kept(own));
  });

  it('and where the editor does not change the file, what to write there is said', async () => {
    const own = crypto.randomUUID();
    await open(own);
    isApplied = false;
    const { reference } = await put();
    assert.equal(await kept(own), PASSWORD);
    assert.ok(told().some((message) => message.includes(`was not changed: write "${reference}"`)));
  });

  it('only when a person says so, and not where nothing is trusted', async () => {
    const own = crypto.randomUUID();
    await open(own);
    answer = 'Cancel';
    const before = told().length;
    assert.equal((await put()).refused, true);
    assert.equal(told().length, before);
    assert.deepEqual(edits(), []);
    await assert.rejects(kept(own));
    await fixture.end();
    await open(own, false);
    assert.equal(await keeping(), undefined);
  });

  it('and what git has stays a finding, which is said', async () => {
    const own = crypto.randomUUID();
    await open(own);
    const git = (...args: readonly string[]): void => {
      const who = ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.com'];
      execFileSync('git', [...who, ...args], { cwd: fixture.box.folder, stdio: 'ignore' });
    };
    git('add', '-A');
    git('commit', '-qm', 'settings');
    assert.equal((await put()).committed, true);
    assert.ok(told().some((message) => message.includes('it stays a finding there')));
  });
});
