import assert from 'node:assert/strict';
import type { Backend, Role, Use } from '../../server/src/backends/contract.ts';
import { BACKENDS } from '../../server/src/backends/generated/registry.ts';
import { authorityContract } from './contract/authorityContract.ts';
import { honoursAbort, type OpenBackend, type OpenedBackend } from './contract/expectations.ts';
import { keyStoreContract } from './contract/keyStoreContract.ts';
import { SIGNAL } from './contract/requests.ts';
import { secretStoreContract } from './contract/secretStoreContract.ts';
import { sshAuthorityContract } from './contract/sshAuthorityContract.ts';
import { targetContract } from './contract/targetContract.ts';
import { tokenIssuerContract } from './contract/tokenIssuerContract.ts';
import { workloadRegistryContract } from './contract/workloadRegistryContract.ts';

/** What a backend says of itself before it is opened: its type's roles, and the names of its targets. */
export interface Promised {
  readonly roles: readonly Role[];
  readonly targets: readonly string[];
  /** Those that take a certificate, and nothing beside it. */
  readonly certificateOnly?: readonly string[];
}

/** Whatever its roles have to do, about none of its keys and credentials in particular. */
function usesOf({ roles, targets }: Promised): readonly Use[] {
  return roles.flatMap((role): readonly Use[] => {
    switch (role) {
      case 'KeyStore':
        return (['make', 'sign', 'status', 'destroy'] as const).map((verb) => ({ role, verb }));
      case 'Target':
        return targets.flatMap((target) =>
          (['deliver', 'read', 'remove'] as const).map((verb) => ({ role, verb, target })),
        );
      case 'SecretStore':
        return [];
      default:
        return (['issue', 'status', 'revoke', 'publish'] as const).map((verb) => ({ role, verb }));
    }
  });
}

/**
 * What every backend must hold. A new one joins by calling this with its name, what it promises, and a function that
 * opens a fresh one; what it cannot do it states by absence, and the suite checks that absence and roles agree.
 */
export function contractSuite(name: string, promised: Promised, open: OpenBackend): void {
  describe(`backend contract: ${name}`, () => {
    describe('in general', () => {
      let opened: OpenedBackend;
      before(async () => {
        opened = await open();
      });
      after(() => opened.cleanup());

      it('has a capability for each role, and no other', () => {
        const { authority, keys, ssh, tokens, workloads, secrets, targets } = opened.backend;
        const capabilities: readonly (readonly [Role, unknown])[] = [
          ['CertificateAuthority', authority],
          ['KeyStore', keys],
          ['SshAuthority', ssh],
          ['TokenIssuer', tokens],
          ['WorkloadRegistry', workloads],
          ['SecretStore', secrets],
          ['Target', targets],
        ];
        for (const [role, capability] of capabilities)
          assert.equal(capability !== undefined, promised.roles.includes(role), role);
        assert.deepEqual(Object.keys(targets ?? {}).sort(), [...promised.targets].sort());
        const keeping = Object.entries(targets ?? {}).filter(
          ([, target]) => target.formerVersion !== undefined,
        );
        assert.deepEqual(
          keeping.map(([as]) => as).sort(),
          BACKENDS.find(({ type }) => type === opened.backend.type)?.formerVersions.toSorted(),
        );
        const { defaultTarget } = opened.backend;
        assert.equal(defaultTarget !== undefined, targets !== undefined);
        if (defaultTarget !== undefined) assert.ok(promised.targets.includes(defaultTarget));
      });

      it('tells of its login, if there is one, what is no part of it', async () => {
        const { login } = opened.backend;
        if (login === undefined) return;
        const facts = await login(SIGNAL);
        assert.ok(facts.reach.length > 0 && facts.reach.every((each) => each !== ''));
        if (typeof facts.expiresAt === 'string') assert.ok(!Number.isNaN(Date.parse(facts.expiresAt)));
        await honoursAbort(login);
      });

      it('says what it is and where its limits are', () => {
        assert.ok(opened.backend.type.length > 0 && opened.backend.name.length > 0);
        assert.ok(opened.backend.limits.every((limit) => limit.length > 20));
      });

      it('reports its health without doing anything', async () => {
        const { health } = opened.backend;
        const first = await health(new AbortController().signal);
        assert.equal(
          first.ok,
          first.checks.every(({ ok }) => ok),
        );
        for (const check of first.checks)
          assert.ok(check.ok || check.hint, `${check.what} is wrong and gives no hint`);
        assert.deepEqual(await health(new AbortController().signal), first);
      });

      it('tells for each use whether it would do it, with a hint where not, and makes nothing by it', async () => {
        const { permits, health, keys } = opened.backend;
        if (permits === undefined) return;
        const before = await health(SIGNAL);
        const uses = usesOf(promised);
        const answers = await permits(uses, SIGNAL);
        for (const use of uses) {
          const own = answers.filter((answer) => answer.use === use);
          assert.ok(own.length > 0, `no answer for ${use.role} ${use.verb}`);
          for (const { what, allowed, detail, hint } of own) {
            assert.notEqual(allowed === false, true, `${use.role} ${use.verb}: ${what}: ${detail}`);
            assert.ok(what !== '' && detail !== '' && hint !== '');
          }
        }
        assert.deepEqual(await permits(uses, SIGNAL), answers);
        assert.deepEqual(await health(SIGNAL), before);
        assert.deepEqual((await keys?.list(SIGNAL)) ?? [], []);
        await honoursAbort((signal) => permits(uses, signal));
      });

      it('closes, twice as well as once', async () => {
        const { backend, cleanup }: { backend: Backend; cleanup(): Promise<void> } = await open();
        await backend.close();
        await backend.close();
        await cleanup();
      });
    });

    if (promised.roles.includes('CertificateAuthority')) authorityContract(open);
    if (promised.roles.includes('KeyStore')) keyStoreContract(open);
    if (promised.roles.includes('SshAuthority')) sshAuthorityContract(open);
    if (promised.roles.includes('SecretStore')) secretStoreContract(open);
    if (promised.roles.includes('TokenIssuer')) tokenIssuerContract(open);
    if (promised.roles.includes('WorkloadRegistry')) workloadRegistryContract(open);
    for (const target of promised.targets)
      targetContract(target, open, promised.certificateOnly?.includes(target));
  });
}
