import assert from 'node:assert/strict';
import type { BackendContext, IssuedToken, SealedStore } from '../../server/src/backends/contract.ts';
import { backendType } from '../../server/src/backends/local/backend.ts';
import { encodeSshKey } from '../../server/src/core/credential/ssh/encodePublicKey.ts';
import { decodeSshRevocationList } from '../../server/src/core/credential/ssh/revocationList.ts';
import { Secret } from '../../server/src/core/secret.ts';
import { present, serialOf, sha256 } from './contract/expectations.ts';
import { identity, newRequest, SIGNAL } from './contract/requests.ts';
import { newSshKey, newSshRequest } from './contract/sshRequests.ts';
import { newTokenRequest } from './contract/tokenIssuerContract.ts';
import { newRegistrationRequest } from './contract/workloadRegistryContract.ts';
import { type Disk, makeDisk } from './localContext.ts';

class Killed extends Error {}

/**
 * A context whose process dies at its n-th change: that change and all after it never happen. Each change is atomic on
 * the disk (test/faults holds that), so these are all the states that a SIGKILL can leave.
 */
function dying(context: BackendContext, atChange: number): BackendContext & { readonly died: () => boolean } {
  let changes = 0;
  const change = async <T>(work: () => Promise<T>): Promise<T> => {
    if (++changes >= atChange) throw new Killed('killed');
    return work();
  };
  const mortal = (store: SealedStore): SealedStore => ({
    encrypted: store.encrypted,
    get: (name) => store.get(name),
    list: (folder) => store.list(folder),
    put: (name, value) => change(() => store.put(name, value)),
    remove: (name) => change(() => store.remove(name)),
    scope: (folder) => mortal(store.scope(folder)),
  });
  return {
    ...context,
    sealed: mortal(context.sealed),
    state: {
      ...context.state,
      write: (name, bytes) => change(() => context.state.write(name, bytes)),
      remove: (name) => change(() => context.state.remove(name)),
    },
    files: {
      ...context.files,
      write: (path, bytes, options) => change(() => context.files.write(path, bytes, options)),
    },
    died: () => changes >= atChange,
  };
}

type Work = (context: BackendContext) => Promise<void>;

/** Kills `work` at its first change, its second, … on a fresh disk each, until it survives; `recover` follows each death. */
async function killEverywhere(work: (disk: Disk) => Promise<{ work: Work; recover: Work }>): Promise<number> {
  for (let atChange = 1; ; atChange++) {
    const disk = await makeDisk();
    try {
      const { work: doIt, recover } = await work(disk);
      const context = dying(await disk.context(), atChange);
      await doIt(context).catch((error: unknown) => {
        assert.ok(context.died(), `failed without being killed: ${String(error)}`);
      });
      await recover(await disk.context());
      if (!context.died()) return atChange - 1;
    } finally {
      await disk.cleanup();
    }
  }
}

const openAt = (context: BackendContext) => backendType.open({}, context, SIGNAL);
const bytes = (text: string): Secret<Uint8Array> => new Secret<Uint8Array>(new TextEncoder().encode(text));

describe('embedded backend, killed at every change', function () {
  this.timeout(120_000);

  it('first issue: the next run completes CA and certificate, and answers the same request once', async () => {
    const deaths = await killEverywhere(async () => {
      const { request, spki } = await newRequest();
      const issue: Work = async (context) => {
        const authority = present((await openAt(context)).authority, 'authority');
        await authority.issue(request, SIGNAL);
      };
      return {
        work: issue,
        recover: async (context) => {
          await issue(context);
          const backend = await openAt(context);
          const authority = present(backend.authority, 'authority');
          const [entry, ...others] = await authority.issuedFor(identity('api'), SIGNAL);
          assert.equal(others.length, 0, 'one certificate in the ledger');
          const found = await authority.find({ spkiSha256: sha256(spki) }, SIGNAL);
          assert.deepEqual(found, entry);
          assert.equal(found?.chain.length, 2);
          assert.deepEqual(await authority.status(serialOf(found?.chain[0]), SIGNAL), { status: 'good' });
          const sealed = await context.sealed.list('');
          assert.deepEqual(
            [...sealed].sort(),
            ['issuing/1', 'root/key'],
            'no key beside those of the two CAs',
          );
        },
      };
    });
    assert.equal(deaths, 8, 'two keys, two CA certificates, three marks, one ledger entry');
  });

  it('revoke and publish: afterwards it is revoked, and CRL numbers go on', async () => {
    await killEverywhere(async (disk) => {
      const config = { authority: { crl: { path: 'pki/issuing.crl' }, publish: { roots: 'pki/roots.pem' } } };
      const { request } = await newRequest();
      const first = present((await openAt(await disk.context())).authority, 'authority');
      const outcome = await first.issue(request, SIGNAL);
      assert.equal(outcome.state, 'issued');
      const serial = serialOf(outcome.made.chain[0]);
      const end: Work = async (context) => {
        const authority = present((await backendType.open(config, context, SIGNAL)).authority, 'authority');
        await authority.revoke(serial, 'superseded', SIGNAL);
        await present(authority.publish, 'publish')(SIGNAL);
      };
      return {
        work: end,
        recover: async (context) => {
          await end(context);
          const authority = present((await openAt(context)).authority, 'authority');
          assert.equal((await authority.status(serial, SIGNAL)).status, 'revoked');
          assert.ok(await context.files.read('pki/issuing.crl'));
          assert.ok(await context.files.read('pki/roots.pem'));
        },
      };
    });
  });

  it('first SSH certificate: the next run completes the authority, and answers the same request once', async () => {
    const deaths = await killEverywhere(async () => {
      const { request } = await newSshRequest();
      const issue: Work = async (context) => {
        await present((await openAt(context)).ssh, 'SSH authority').issue(request, SIGNAL);
      };
      return {
        work: issue,
        recover: async (context) => {
          await issue(context);
          const authority = present((await openAt(context)).ssh, 'SSH authority');
          const [entry, ...others] = await authority.issuedFor(request.identity, SIGNAL);
          assert.equal(others.length, 0, 'one certificate in the ledger');
          const found = present(await authority.find({ requestId: request.requestId }, SIGNAL), 'entry');
          assert.deepEqual(found, entry);
          assert.deepEqual(await authority.find({ spkiSha256: sha256(request.spki) }, SIGNAL), entry);
          assert.deepEqual(await authority.find({ serialNumber: found.serialNumber }, SIGNAL), entry);
          assert.deepEqual(await authority.authorities('user', SIGNAL), [found.authority]);
          assert.deepEqual(
            await context.sealed.list(''),
            ['ssh/user'],
            'no key beside that of the authority',
          );
        },
      };
    });
    assert.equal(deaths, 6, 'a key and what tells of it, three marks, one ledger entry');
  });

  it('enrol, revoke and publish an SSH key: afterwards the published list names it', async () => {
    await killEverywhere(async () => {
      const config = { ssh: { krl: { path: 'ssh/keys.krl' }, publish: { userAuthorities: 'ssh/ca.pub' } } };
      const request = await newSshKey();
      const end: Work = async (context) => {
        const authority = present((await backendType.open(config, context, SIGNAL)).ssh, 'SSH authority');
        const made = await present(authority.enrol, 'enrol')(request, SIGNAL);
        await authority.revoke(made.serialNumber, 'superseded', SIGNAL);
        await present(authority.publish, 'publish')(SIGNAL);
      };
      return {
        work: end,
        recover: async (context) => {
          await end(context);
          const file = present(await context.files.read('ssh/keys.krl'), 'list');
          const { value } = decodeSshRevocationList(file.bytes.reveal(), 10);
          assert.deepEqual(value?.sha256, [sha256(present(encodeSshKey(request.spki), 'key'))]);
          const { checks } = await (await backendType.open(config, context, SIGNAL)).health(SIGNAL);
          assert.ok(checks.find(({ what }) => what === 'key revocation list')?.ok);
        },
      };
    });
  });

  it('keys and secrets: nothing half made is ever answered', async () => {
    await killEverywhere(async () => ({
      work: async (context) => {
        const { keys, secrets } = await openAt(context);
        await present(keys, 'keys').generate('k', 'ECDSA-P256', SIGNAL);
        const first = await present(secrets, 'secrets').write('s', bytes('one'), { ifVersion: null }, SIGNAL);
        await present(secrets, 'secrets').write('s', bytes('two'), { ifVersion: first.version }, SIGNAL);
        await present(keys, 'keys').destroy('k', SIGNAL);
        await present(secrets, 'secrets').destroy('s', SIGNAL);
      },
      recover: async (context) => {
        const backend = await openAt(context);
        const keys = present(backend.keys, 'keys');
        const secrets = present(backend.secrets, 'secrets');
        const standing = await secrets.read('s', SIGNAL);
        if (standing !== undefined) {
          const text = new TextDecoder().decode(standing.value.reveal());
          assert.equal(text, standing.version === '1' ? 'one' : 'two');
        }
        const key = await keys.find('k', SIGNAL);
        assert.deepEqual((await keys.generate('k', 'ECDSA-P256', SIGNAL)).keyId, 'k');
        if (key !== undefined) assert.deepEqual(await keys.find('k', SIGNAL), key);
        await keys.destroy('k', SIGNAL);
        await secrets.destroy('s', SIGNAL);
        assert.deepEqual(await context.sealed.list(''), [], 'nothing sealed is left behind');
      },
    }));
  });

  it('tokens: the next run answers the same request with one token, whose key is the one in the key set', async () => {
    for (const [format, changes] of [
      ['jwt', 6],
      ['opaque', 5],
    ] as const) {
      const deaths = await killEverywhere(async () => {
        const request = newTokenRequest({ format });
        const issue = async (context: BackendContext): Promise<IssuedToken> => {
          const outcome = await present((await openAt(context)).tokens, 'tokens').issue(request, SIGNAL);
          assert.equal(outcome.state, 'issued');
          return outcome.made;
        };
        return {
          work: async (context) => void (await issue(context)),
          recover: async (context) => {
            const { token, ...entry } = await issue(context);
            const tokens = present((await openAt(context)).tokens, 'tokens');
            assert.deepEqual(await tokens.issuedFor(request.identity, SIGNAL), [entry]);
            assert.ok((await tokens.check(token, SIGNAL)).active);
            assert.equal((await context.sealed.list('tokens')).length, 1);
            const { keys } = JSON.parse(await present(tokens.jwks, 'jwks')(SIGNAL)) as { keys: unknown[] };
            assert.equal(keys.length, 1);
          },
        };
      });
      assert.equal(deaths, changes, 'key or secret, what tells of the key, three marks, one entry');
    }
  });

  it('a new signing key: there is one in the end, and the former one verifies what it signed', async () => {
    await killEverywhere(async (disk) => {
      const before = present((await openAt(await disk.context())).tokens, 'tokens');
      const old = await before.issue(newTokenRequest(), SIGNAL);
      assert.equal(old.state, 'issued');
      const config = { tokens: { keyAlgorithm: 'Ed25519' } } as const;
      const request = newTokenRequest();
      const issue: Work = async (context) => {
        await present((await backendType.open(config, context, SIGNAL)).tokens, 'tokens').issue(
          request,
          SIGNAL,
        );
      };
      return {
        work: issue,
        recover: async (context) => {
          await issue(context);
          const tokens = present((await backendType.open(config, context, SIGNAL)).tokens, 'tokens');
          assert.ok((await tokens.check(old.made.token, SIGNAL)).active);
          const { keys } = JSON.parse(await present(tokens.jwks, 'jwks')(SIGNAL)) as {
            keys: { alg: string }[];
          };
          assert.deepEqual(
            keys.map(({ alg }) => alg),
            ['EdDSA', 'ES256'],
          );
        },
      };
    });
  });

  it('workloads: registered once, ended once, and the bundle is whole', async () => {
    await killEverywhere(async () => {
      const request = newRegistrationRequest('local-ca.internal');
      const config = { workloads: { publish: { bundle: 'bundle.json' } } };
      const work: Work = async (context) => {
        const workloads = present((await backendType.open(config, context, SIGNAL)).workloads, 'workloads');
        const outcome = await workloads.issue(request, SIGNAL);
        assert.equal(outcome.state, 'issued');
        await workloads.revoke(outcome.made.serialNumber, 'superseded', SIGNAL);
        await present(workloads.publish, 'publish')(SIGNAL);
      };
      return {
        work,
        recover: async (context) => {
          await work(context);
          const workloads = present((await openAt(context)).workloads, 'workloads');
          const [entry, ...others] = await workloads.issuedFor(request.identity, SIGNAL);
          assert.equal(others.length, 0);
          assert.equal(entry?.revoked?.reason, 'superseded');
          const file = present(await context.files.read('bundle.json'), 'the bundle');
          const text = new TextDecoder().decode(file.bytes.reveal());
          assert.equal((JSON.parse(text) as { spiffe_sequence: number }).spiffe_sequence, 1);
        },
      };
    });
  });
});
