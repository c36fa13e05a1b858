/** Lenses of what lies in a token or at a server, pressed over stdio; the products' own tools and API judge. */
import assert from 'node:assert/strict';
import { appRole, needsOpenBao, type OpenBao, setUp, startOpenBao } from '../backends/openbaoServer.ts';
import { makeToken, needsTokens, pkcs11Tool, type TestToken } from '../backends/pkcs11Tokens.ts';
import { PATIENCE } from '../support/idac.ts';
import { vaultManifest } from '../support/vaultProject.ts';
import { CAPABILITIES, type Fixture, openFixture } from './fixture.ts';
import { sealingPoint, sealTo } from './sealing.ts';

const FILE = 'all.identity.yaml';
const KEY = `apiVersion: identity-as-code/v1
kind: Key
metadata: { name: signing }
spec:
  owner: { team: payments, contact: payments@example.com }
  store: hsm
  algorithm: ECDSA-P256
  usages: [sign, verify]
  duration: 365d
---
apiVersion: identity-as-code/v1
kind: Backend
metadata: { name: hsm }
spec:
  type: pkcs11
  owner: { team: platform, contact: platform@example.com }
  module: under-test
  token: { label: test }
`;
const TOKEN = `apiVersion: identity-as-code/v1
kind: Token
metadata: { name: checkout }
spec:
  owner: { team: payments, contact: payments@example.com }
  issuer: vault-prod
  format: opaque
  duration: 10d
  deliverTo:
    - { backend: vault-prod, path: checkout/login }
---
`;

describe('language server: lenses of what lies elsewhere', function () {
  this.timeout(PATIENCE);
  let fixture: Fixture;
  afterEach(() => fixture?.end());

  const open = async (manifest: string, login: object, options: object = {}): Promise<void> => {
    fixture = await openFixture({
      capabilities: { ...CAPABILITIES, experimental: { identityConfirm: true, identitySignIn: true } },
      files: { [FILE]: manifest },
      answers: {
        'identity/confirm': (params) => {
          const { typedName } = params as { typedName?: string };
          return { confirmed: true, ...(typedName === undefined ? {} : { typed: typedName }) };
        },
        'identity/signIn': (params) => ({
          confirmed: true,
          sealed: sealTo(
            sealingPoint(fixture.client),
            `login\n${(params as { question: string }).question}`,
            Buffer.from(JSON.stringify(login)),
          ),
        }),
      },
      ...options,
    });
    fixture.open(FILE);
    const signedIn = await press<{ ok: boolean; what: string }>('Sign in…');
    assert.ok(signedIn.ok, signedIn.what);
  };
  const press = async <T>(title: string): Promise<T> => {
    const lens = (await fixture.lenses(FILE)).find(({ command }) => command?.title === title);
    assert.ok(lens?.command, `no lens ${title} in ${(await fixture.lensTitles(FILE)).join(' | ')}`);
    return fixture.run<T>(lens.command.command, (lens.command.arguments?.[0] ?? {}) as object);
  };
  const act = async (title: string): Promise<void> => {
    const { result, message } = await press<{ result: { state?: string }; message: string }>(title);
    assert.equal(result.state, 'done', message);
  };
  const state = async (): Promise<string> => (await fixture.lensTitles(FILE))[0] ?? '';

  describe('a key in a token', () => {
    let token: TestToken;
    before(async function () {
      needsTokens(this, 'softhsm');
      token = await makeToken('softhsm');
    });
    after(() => token?.remove());

    /** Label, and what the token lets be done with it, of each private key. */
    const keys = (): readonly (readonly [label: string, usage: string, access: string])[] => {
      const { text } = pkcs11Tool(token, '--list-objects', '--type', 'privkey');
      const told = (name: string) =>
        [...text.matchAll(new RegExp(`^ +${name}: +(.+)$`, 'gm'))].map(([, value = '']) => value.trim());
      const [labels, usages, access] = [told('label'), told('Usage'), told('Access')];
      return labels.map((label, at) => [label, usages[at] ?? '', access[at] ?? '']);
    };

    it('is made, rotated and destroyed there', async () => {
      await open(
        KEY,
        { pin: token.pin },
        {
          env: { ...token.environment, IDAC_PKCS11_MODULES: '' },
          initializationOptions: { pkcs11Modules: { 'under-test': token.module } },
        },
      );
      assert.deepEqual(keys(), []);
      assert.equal(await state(), 'not issued yet · hsm');
      await act('Issue');
      const [first, ...more] = keys();
      assert.deepEqual(more, []);
      const SAFE = ['sign', 'sensitive, always sensitive, never extractable, local'];
      assert.deepEqual(first?.slice(1), SAFE);
      assert.match(await state(), /^valid · 36[45] days left/);

      await act('Rotate');
      const [second, ...others] = keys();
      assert.deepEqual(others, [], 'the former key is gone');
      assert.deepEqual(second?.slice(1), SAFE);
      assert.notEqual(second?.[0], first?.[0]);
      const verified = await press<{ ok: boolean }>('Verify');
      assert.ok(verified.ok, JSON.stringify(verified));

      await act('Destroy');
      assert.deepEqual(keys(), []);
      assert.doesNotMatch(pkcs11Tool(token, '--list-objects').text, /Key Object/);
      assert.match(await state(), /^destroyed/);
    });
  });

  describe('a token of a server', () => {
    let bao: OpenBao;
    before(async function () {
      needsOpenBao(this);
      bao = startOpenBao();
      await setUp(bao);
    });
    after(() => bao?.stop());

    it('is made, rotated and revoked there; who holds the former one is let in no more', async () => {
      const own = crypto.randomUUID();
      const role = '  tokens: { method: token, role: checkout }\n';
      await open(TOKEN + vaultManifest(bao.address, own, role), await appRole(bao));
      const delivered = async (): Promise<string> => {
        const { data } = await bao.root('GET', `secret/data/payments/${own}/checkout/login`);
        return (data as { data: { token: string } }).data.token;
      };
      const letsIn = async (held: string): Promise<boolean> => {
        const headers = { 'X-Vault-Token': held };
        return (await fetch(`${bao.address}/v1/auth/token/lookup-self`, { headers })).ok;
      };
      await act('Issue');
      const first = await delivered();
      assert.ok(await letsIn(first));
      await act('Rotate');
      const second = await delivered();
      assert.deepEqual([await letsIn(first), await letsIn(second)], [false, true]);
      await act('Revoke');
      assert.equal(await letsIn(second), false);
      assert.match(await state(), /^revoked/);
      for (const held of [first, second]) assert.ok(!fixture.client.trace().includes(held));
    });
  });
});
