/** Each verb on keys in a token whose driver, token or PIN fails: told, nothing lost, and finished once it works again. */
import assert from 'node:assert/strict';
import type { Project } from '../../server/src/app/api.ts';
import type { IdentityId } from '../../server/src/core/identity/identityId.ts';
import { Secret } from '../../server/src/core/secret.ts';
import {
  makeToken,
  needsTokens,
  pkcs11Tool,
  type TestToken,
  withEnvironment,
} from '../backends/pkcs11Tokens.ts';
import { type FaultyModule, faultyModule } from '../backends/softhsm/faulty.ts';
import { done, NEVER } from '../support/acting.ts';
import { type TempProject, tempProject } from '../support/tempProject.ts';
import { act, assertSettled, assertTold, ENDINGS, finish, type Verb } from './failing.ts';

const BACKENDS = `apiVersion: identity-as-code/v1
kind: Backend
metadata: { name: hsm }
spec:
  type: pkcs11
  owner: { team: platform, contact: platform@example.com }
  module: under-test
  token: { label: test }
  timeout: 2s
---
apiVersion: identity-as-code/v1
kind: Backend
metadata: { name: local-ca }
spec:
  type: local
  owner: { team: platform, contact: platform@example.com }
`;
const KINDS = {
  Certificate: (name: string) => `  dnsNames: [${name}.example.com]
  key: { algorithm: ECDSA-P256, origin: store, store: hsm }
  issuer: local-ca
  duration: 20d
  deliverTo:
    - { backend: local-ca, path: tls/${name}.pem, contents: [chain] }
`,
  Key: () => `  store: hsm
  algorithm: ECDSA-P256
  usages: [sign, verify]
  duration: 365d
`,
} as const;
type Kind = keyof typeof KINDS;

/** A call of the module that the verb cannot do without. */
const ROWS: readonly (readonly [Kind, Verb, string])[] = [
  ['Certificate', 'issue', 'C_GenerateKeyPair'],
  ['Certificate', 'issue', 'C_SignInit'],
  ['Certificate', 'rotate', 'C_GenerateKeyPair'],
  ['Certificate', 'rotate', 'C_SignInit'],
  ['Certificate', 'rotate', 'C_DestroyObject'],
  ['Certificate', 'destroy', 'C_DestroyObject'],
  ['Key', 'issue', 'C_GenerateKeyPair'],
  ['Key', 'rotate', 'C_DestroyObject'],
  ['Key', 'verify', 'C_FindObjectsInit'],
  ['Key', 'revoke', 'C_SetAttributeValue'],
  ['Key', 'destroy', 'C_DestroyObject'],
];

interface Failing {
  put(faulty: FaultyModule, call: string): void;
  readonly told: RegExp;
  /** Calls that fail so; left out: all. */
  readonly calls?: readonly string[];
}

const FAILINGS: Readonly<Record<string, Failing>> = {
  'a token that was removed': {
    put: (faulty, call) => {
      faulty.put(call, 'return 0x32'); // CKR_DEVICE_REMOVED
      faulty.put('absent');
    },
    told: /hsm \(token test, module under-test\): .*no such token is there/,
  },
  'a driver that crashes': {
    put: (faulty, call) => faulty.put(call, 'crash'),
    told: /hsm \(token test, module under-test\): .*crashed twice \(signal SIGSEGV\)/,
  },
  'a driver that hangs': {
    put: (faulty, call) => faulty.put(call, 'hang'),
    told: /hsm \(token test, module under-test\): .*did not answer within 2 s and was ended/,
    // Making a key may take ten times as long.
    calls: ['C_SignInit', 'C_FindObjectsInit', 'C_DestroyObject'],
  },
  'a token that is write-protected': {
    put: (faulty, call) => faulty.put(call, 'return 0xe2'),
    told: /hsm \(token test, module under-test\): .*write-protected \(\S+: CKR_TOKEN_WRITE_PROTECTED\)/,
    calls: ['C_GenerateKeyPair', 'C_DestroyObject', 'C_SetAttributeValue'],
  },
};

describe('each verb on a token that fails', function () {
  this.timeout(120_000);
  let token: TestToken;
  let faulty: FaultyModule;
  let place: TempProject;
  let restore: () => void;
  let count = 0;

  before(async function () {
    needsTokens(this, 'softhsm');
    token = await makeToken('softhsm');
    faulty = faultyModule(token);
    restore = withEnvironment({ ...faulty.environment, IDAC_PKCS11_MODULES: `under-test=${faulty.module}` });
    place = await tempProject({ 'backends.identity.yaml': BACKENDS });
    await withProject(async ({ logins }) => {
      await logins.confirm('hsm');
      await logins.logIn('hsm', { pin: new Secret(token.pin) }, NEVER);
    });
  });
  after(async () => {
    restore?.();
    await place?.remove();
    await token?.remove();
  });

  async function withProject<T>(work: (project: Project) => Promise<T>): Promise<T> {
    const project = await place.open();
    try {
      return await work(project);
    } finally {
      await project.close();
    }
  }

  async function declare(kind: Kind): Promise<IdentityId> {
    count += 1;
    const name = `failing-${count}`;
    await place.write(
      `${name}.identity.yaml`,
      `apiVersion: identity-as-code/v1
kind: ${kind}
metadata: { name: ${name} }
spec:
  owner: { team: payments, contact: payments@example.com }
${KINDS[kind](name)}`,
    );
    return { apiVersion: 'identity-as-code/v1', kind, namespace: 'default', name };
  }

  const keysOf = (name: string): readonly string[] => {
    const { text } = pkcs11Tool(token, '--list-objects', '--type', 'privkey');
    return [...text.matchAll(/label:\s+(.+)$/gm)]
      .map(([, label = '']) => label.trim())
      .filter((label) => label.includes(`/${name}/`));
  };

  for (const [number, [kind, verb, call]] of ROWS.entries())
    for (const [name, { put, told, calls }] of Object.entries(FAILINGS)) {
      if (calls?.includes(call) === false) continue;
      it(`${verb} of a ${kind}, ${call}: ${name}`, async () => {
        const identity = await declare(kind);
        await withProject(async (project) => {
          if (verb !== 'issue') await done(project, 'issue', identity);
          put(faulty, call);
          const outcome = await act(project, verb, identity).finally(() => faulty.mend());
          assertTold(outcome, 'hsm', told);
          await finish(project, outcome, verb, identity, number % 2 === 1);
          await assertSettled(project, identity, ENDINGS[verb]);
          assert.equal(keysOf(identity.name).length, verb === 'destroy' ? 0 : 1);
        });
      });
    }

  for (const [verb, what, spoil, told] of [
    [
      'issue',
      'a PIN that the token locked',
      'return 0xa4',
      /locked after too many wrong tries.*CKR_PIN_LOCKED/,
    ],
    ['destroy', 'no session left', 'busy', /CKR_SESSION_COUNT/],
  ] as const)
    it(`${verb} of a Key: ${what}`, async () => {
      const identity = await declare('Key');
      if (verb !== 'issue') await withProject((project) => done(project, 'issue', identity));
      if (spoil === 'busy') faulty.put('C_OpenSession', 'return 0xb1');
      else faulty.put('C_Login', spoil);
      const outcome = await withProject((project) => act(project, verb, identity)).finally(() =>
        faulty.mend(),
      );
      assertTold(outcome, 'hsm', told);
      await withProject(async (project) => {
        await finish(project, outcome, verb, identity, false);
        await assertSettled(project, identity, ENDINGS[verb]);
      });
    });

  it('a PIN that was changed at the token: told, and everything goes on with the new one', async () => {
    const identity = await declare('Key');
    const next = `${token.pin}7`;
    const changed = pkcs11Tool(token, '--change-pin', '--new-pin', next);
    assert.equal(changed.status, 0, changed.text);
    token = { ...token, pin: next };
    await withProject(async (project) => {
      const outcome = await act(project, 'issue', identity);
      assertTold(outcome, 'hsm', /the PIN is wrong \(C_Login: CKR_PIN_INCORRECT\).*idac login/);
      await project.logins.logIn('hsm', { pin: new Secret(next) }, NEVER);
      await finish(project, outcome, 'issue', identity, false);
      await assertSettled(project, identity, 'active');
    });
  });
});
