/** Every key store with every authority and every target, through the one engine; OpenSSL and each product judge. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ActionObserver, Project } from '../../server/src/app/api.ts';
import type { IdentityId } from '../../server/src/core/identity/identityId.ts';
import type { StepVerb, WritingVerb } from '../../server/src/core/lifecycle/plan.ts';
import { attempt, certificateId, NEVER } from '../support/acting.ts';
import { PATIENCE } from '../support/idac.ts';
import { hasProgram, needs } from '../support/needs.ts';
import { type TempProject, tempProject } from '../support/tempProject.ts';
import {
  type Combination,
  type Composition,
  certificate,
  compose,
  PARTICIPANTS,
  type Participant,
  type Running,
} from './participants.ts';

const inRole = (role: Participant['roles'][number]) =>
  PARTICIPANTS.filter(({ roles }) => roles.includes(role));

/** Steps that end what a new generation takes over from. */
const RETIRING: ReadonlySet<StepVerb> = new Set(['supersede', 'revoke', 'destroy-copy', 'destroy-key']);

const COMBINATIONS: readonly Combination[] = [...inRole('KeyStore'), undefined].flatMap((store) =>
  inRole('CertificateAuthority').flatMap((authority) =>
    inRole('Target').map((target) => ({ store, authority, target })),
  ),
);

describe('composition: key store × certificate authority × target', function () {
  this.timeout(PATIENCE);
  let place: TempProject;
  let composition: Composition;
  let project: Project;

  before(async function () {
    needs(this, 'openssl', hasProgram('openssl'));
    place = await tempProject({});
    composition = compose(place);
  });
  after(async () => {
    await composition?.stop();
    await place?.remove();
  });
  afterEach(() => project?.close());

  async function act(verb: WritingVerb, identity: IdentityId, observer?: ActionObserver): Promise<void> {
    const result = await attempt(project, verb, identity, observer);
    assert.ok(!('refused' in result), JSON.stringify(result));
    assert.equal(result.state, 'done', `${verb}: ${result.next}`);
  }

  /** What OpenSSL says of a delivered chain, against the authority's own root and its list of today. */
  async function judged(authority: Running, chain: string): Promise<string> {
    const [certificates = ''] = chain.split('-----BEGIN PRIVATE KEY-----');
    const files = { root: await authority.root?.(), crl: await authority.crl?.(), chain: certificates };
    const at = (name: string) => path.join(path.dirname(place.root), `judged-${name}.pem`);
    for (const [name, text] of Object.entries(files)) await writeFile(at(name), text ?? '');
    const { stdout, stderr } = spawnSync(
      'openssl',
      ['verify', '-x509_strict', '-crl_check', '-CAfile', at('root'), '-CRLfile', at('crl')].concat(
        '-untrusted',
        at('chain'),
        at('chain'),
      ),
      { encoding: 'utf8' },
    );
    return `${stdout}${stderr}`.replaceAll(at('chain'), 'chain');
  }

  /** Files of the project and of the user's state in which a private key can be read. */
  async function filesWithKeys(): Promise<readonly string[]> {
    const base = path.dirname(place.root);
    const entries = await readdir(base, { recursive: true, withFileTypes: true });
    const files = entries
      .filter((each) => each.isFile())
      .map((each) => path.join(each.parentPath, each.name));
    const held = await Promise.all(
      files.map(async (file) => ((await readFile(file, 'latin1')).includes('PRIVATE KEY') ? [file] : [])),
    );
    return held.flat().map((file) => path.relative(place.root, file));
  }

  for (const [number, combination] of COMBINATIONS.entries()) {
    const { store, authority, target } = combination;
    it(`${store?.name ?? 'engine'} × ${authority.name} × ${target.name}`, async function () {
      const members = [store, authority, target].filter((each) => each !== undefined);
      for (const member of members) member.needs(this);
      const inStore = store && (await composition.join(store.name));
      const ca = await composition.join(authority.name);
      const place_ = await composition.join(target.name);
      const name = `api-${number}`;
      const identity = certificateId(name);
      await place.write(`${name}.identity.yaml`, certificate(name, combination));
      project = await place.open();

      const delivered = async (): Promise<string> => (await place_.delivered?.(`tls/${name}`)) ?? '';
      const keys = async (): Promise<readonly string[]> => (await inStore?.keys?.()) ?? [];
      const assertGood = async (): Promise<string> => {
        const text = await delivered();
        assert.equal(await judged(ca, text), 'chain: OK\n');
        const { publicKey } = new X509Certificate(text);
        if (store === undefined) assert.ok(publicKey.equals(createPublicKey(createPrivateKey(text))));
        else assert.doesNotMatch(text, /PRIVATE KEY/);
        return text;
      };

      await act('issue', identity);
      const first = await assertGood();
      const firstKeys = await keys();
      assert.equal(firstKeys.length, store === undefined ? 0 : 1);
      const good = await project.actions.verify({ identity }, NEVER);
      assert.ok(!('refused' in good) && good.ok, JSON.stringify(good, null, 1));

      let retiring = 0;
      await act('rotate', identity, {
        async reached(point) {
          if (point.at !== 'step-journaled' || !RETIRING.has(point.step.verb) || retiring++ > 0) return;
          assert.notEqual(await assertGood(), first, 'the new one is in place');
          assert.equal(await judged(ca, first), 'chain: OK\n', 'the former one still counts');
          for (const key of firstKeys) assert.ok((await keys()).includes(key), 'its key is still there');
        },
      });
      assert.ok(retiring > 0, 'something was retired');
      const second = await assertGood();
      assert.ok(!new X509Certificate(first).publicKey.equals(new X509Certificate(second).publicKey));
      assert.equal((await keys()).length, firstKeys.length);
      for (const key of await keys()) assert.ok(!firstKeys.includes(key), 'the former key is gone');

      await act('revoke', identity);
      assert.match(await judged(ca, second), /certificate revoked/);
      const revoked = await project.actions.verify({ identity }, NEVER);
      assert.ok(!('refused' in revoked) && !revoked.ok, JSON.stringify(revoked, null, 1));
      assert.match(JSON.stringify(revoked), /"detail":"revoked /);

      const inFile = store === undefined && target.name === 'local';
      assert.deepEqual(await filesWithKeys(), inFile ? [`tls/${name}`] : []);
      await act('destroy', identity);
      assert.deepEqual(await keys(), []);
      assert.equal(await delivered(), '');
      assert.deepEqual(await filesWithKeys(), []);
      assert.deepEqual((await project.verifyLog(NEVER)).problems, []);
    });
  }

  for (const store of inRole('KeyStore'))
    for (const target of inRole('Target'))
      it(`a key that stays in ${store.name} is delivered to ${target.name} by no manifest`, async function () {
        for (const member of [store, target]) member.needs(this);
        const inStore = await composition.join(store.name);
        await composition.join(target.name);
        await composition.join('local');
        const name = `leaving-${store.name}-${target.name}`;
        const [authority] = inRole('CertificateAuthority');
        assert.ok(authority);
        const text = certificate(name, { store, authority, target });
        await place.write(`${name}.identity.yaml`, text.replace('[chain]', '[chain, privateKey]'));
        project = await place.open();
        const before = await inStore.keys?.();
        const result = await attempt(project, 'issue', certificateId(name));
        assert.ok('refused' in result, JSON.stringify(result));
        assert.match(`${result.what} ${result.hint}`, /privateKey|private key/);
        assert.deepEqual(await inStore.keys?.(), before);
      });
});
