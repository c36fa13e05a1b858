/** `idac inventory --format cyclonedx`, judged by the schema of CycloneDX itself. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { createServer, type Server } from 'node:tls';
import { Ajv } from 'ajv';
import type { Bom, Component } from '../../server/src/core/cbom/bomTypes.ts';
import { PATIENCE, type Sandbox, sandbox } from '../support/idac.ts';

const SCHEMAS = path.dirname(
  createRequire(import.meta.url).resolve('@cyclonedx/cyclonedx-library/package.json'),
);
const schema = (name: string): object =>
  JSON.parse(
    readFileSync(path.join(SCHEMAS, 'res/schema', `${name}.SNAPSHOT.schema.json`), 'utf8'),
  ) as object;

const NOW = ['--now', '2026-12-01T00:00:00Z'];

const certificate = (name: string, algorithm: string, more = ''): string => `apiVersion: identity-as-code/v1
kind: Certificate
metadata: { name: ${name}, labels: { exposure: external } }
spec:
  owner: { team: shop, contact: shop@example.com }
  usages: [serverAuth]
  dnsNames: [localhost]
  key: { algorithm: ${algorithm} }
  issuer: lab
  duration: 30d
  deliverTo:
    - { backend: lab, path: pki/${name}.pem, contents: [chain] }
    - { backend: lab, path: secret/${name}.key, contents: [privateKey] }
${more}`;

describe('idac inventory --format cyclonedx', function () {
  this.timeout(PATIENCE);
  const validate = new Ajv({ strict: false, validateFormats: false })
    .addSchema(schema('spdx'), 'http://cyclonedx.org/schema/spdx.SNAPSHOT.schema.json')
    .addSchema(schema('jsf-0.82'), 'http://cyclonedx.org/schema/jsf-0.82.SNAPSHOT.schema.json')
    .compile(schema('bom-1.6'));

  const bomOf = async (place: Sandbox, ...args: readonly string[]): Promise<Bom> => {
    const { code, out, err } = await place.idac(['inventory', '--format', 'cyclonedx', ...NOW, ...args]);
    assert.equal(code, 0, err);
    const bom = JSON.parse(out) as Bom;
    assert.ok(validate(bom), JSON.stringify(validate.errors?.slice(0, 3)));
    const refs = new Set([bom.metadata.component, ...bom.components].map((each) => each['bom-ref']));
    assert.equal(refs.size, bom.components.length + 1, 'each reference once');
    for (const { ref, dependsOn = [] } of bom.dependencies)
      for (const each of [ref, ...dependsOn]) assert.ok(refs.has(each), `${each} is there`);
    return bom;
  };
  /** All that something rests on. */
  const restsOn = (bom: Bom, ref: string): ReadonlySet<string> => {
    const found = new Set<string>([ref]);
    for (const each of found)
      for (const next of bom.dependencies.find((other) => other.ref === each)?.dependsOn ?? [])
        found.add(next);
    return found;
  };
  const of = (bom: Bom, ref: string): Component => {
    const found = bom.components.find((each) => each['bom-ref'] === ref);
    assert.ok(found, ref);
    return found;
  };

  it('the schema refuses what is no bill of cryptography', () => {
    assert.ok(!validate({ bomFormat: 'CycloneDX', specVersion: '1.6', components: [{ name: 'x' }] }));
  });

  it('of the samples is valid, the same each time, and names each algorithm that is declared', async () => {
    const place = sandbox({ from: 'samples' });
    try {
      const bom = await bomOf(place);
      assert.deepEqual(await bomOf(place), bom);
      const names = bom.components
        .filter(({ cryptoProperties: c }) => c?.assetType === 'algorithm')
        .map(({ name }) => name);
      const { data } = await place.json(['inventory', '--format', 'json', ...NOW]);
      const rows = data['identities'] as readonly { algorithm: string | null; kind: string }[];
      assert.deepEqual(new Set(names), new Set(rows.flatMap(({ algorithm }) => algorithm ?? [])));
      const count = bom.components.filter((each) => each['bom-ref'].startsWith('identity/')).length;
      assert.equal(count, rows.filter(({ kind }) => kind !== 'Login').length);
      const some = await bomOf(place, '-l', 'exposure=external');
      assert.ok(some.components.length < bom.components.length);
      assert.notEqual(some.serialNumber, bom.serialNumber);
    } finally {
      place.remove();
    }
  });

  describe('of what was issued', () => {
    let place: Sandbox;
    let server: Server;
    before(async () => {
      place = sandbox();
      const write = (file: string, text: string): void => {
        mkdirSync(path.dirname(path.join(place.folder, file)), { recursive: true });
        writeFileSync(path.join(place.folder, file), text);
      };
      write('.gitignore', 'secret/\n');
      write(
        'lab.identity.yaml',
        'apiVersion: identity-as-code/v1\nkind: Backend\nmetadata: { name: lab }\nspec:\n  type: local\n  owner: { team: a, contact: a@example.com }\n  authority: { keyAlgorithm: ECDSA-P384 }\n',
      );
      write('pq.identity.yaml', certificate('pq', 'ML-DSA-65'));
      write('web.identity.yaml', certificate('web', 'ECDSA-P256'));
      for (const name of ['pq', 'web']) {
        const { code, err } = await place.idac(['issue', `Certificate/${name}`, '--yes']);
        assert.equal(code, 0, err);
      }
      const read = (file: string) => readFileSync(path.join(place.folder, file));
      server = createServer({
        cert: read('pki/web.pem'),
        key: read('secret/web.key'),
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as { port: number };
      write('web.identity.yaml', certificate('web', 'ECDSA-P256', `  endpoints: ["127.0.0.1:${port}"]\n`));
    });
    after(() => {
      server?.close();
      place?.remove();
    });

    it('goes from the identity to its key, its signature, its authority and their algorithms', async () => {
      const bom = await bomOf(place);
      const rests = restsOn(bom, 'identity/Certificate/default/pq');
      for (const algorithm of ['ML-DSA-65', 'ECDSA-P384', 'ECDSA-SHA384', 'SHA384'])
        assert.ok(rests.has(`algorithm/${algorithm}`), algorithm);
      assert.ok(!rests.has('algorithm/ECDSA-P256'));
      assert.equal([...rests].filter((ref) => ref.startsWith('authority/')).length, 1);
      const level = (name: string) => {
        const crypto = of(bom, `algorithm/${name}`).cryptoProperties;
        return crypto?.assetType === 'algorithm'
          ? crypto.algorithmProperties.nistQuantumSecurityLevel
          : undefined;
      };
      assert.equal(level('ML-DSA-65'), 3);
      assert.equal(level('ECDSA-P384'), 0);
      const leaf = of(bom, 'identity/Certificate/default/pq').cryptoProperties;
      assert.ok(leaf?.assetType === 'certificate');
      assert.equal(leaf.certificateProperties.signatureAlgorithmRef, 'algorithm/ECDSA-SHA384');
      assert.doesNotMatch(JSON.stringify(bom), /PRIVATE KEY|BEGIN/);
    });

    it('names the protocol and cipher suite that an endpoint agreed on when it was probed', async () => {
      // The server takes what is delivered while the action waits for it.
      const turn = setInterval(() => {
        const read = (file: string) => readFileSync(path.join(place.folder, file));
        try {
          server.setSecureContext({ cert: read('pki/web.pem'), key: read('secret/web.key') });
        } catch {
          // Between the two writes.
        }
      }, 100);
      try {
        let ran = await place.idac(['rotate', 'Certificate/web', '--yes']);
        for (let left = 5; ran.code === 4 && left > 0; left -= 1) ran = await place.idac(['resume']);
        assert.equal(ran.code, 0, ran.err + ran.out);
      } finally {
        clearInterval(turn);
      }
      const bom = await bomOf(place);
      const protocol = bom.components.find(({ cryptoProperties: c }) => c?.assetType === 'protocol');
      assert.ok(protocol?.cryptoProperties?.assetType === 'protocol');
      const { type, version, cipherSuites } = protocol.cryptoProperties.protocolProperties;
      assert.deepEqual([type, version], ['tls', '1.3']);
      assert.match(cipherSuites[0]?.name ?? '', /^TLS_/);
      assert.ok(restsOn(bom, 'identity/Certificate/default/web').has(protocol['bom-ref']));
    });
  });
});
