import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { git } from '../support/acting.ts';
import { PATIENCE, REPOSITORY, type Sandbox, sandbox } from '../support/idac.ts';

const WEB = 'Certificate/shop/web';

const manifest = (more = ''): string => `apiVersion: identity-as-code/v1
kind: Backend
metadata: { name: local-ca }
spec: { type: local, owner: { team: platform }, authority: { crl: { path: pki/ca.crl.pem } } }
---
apiVersion: identity-as-code/v1
kind: Certificate
metadata: { name: web, namespace: shop, labels: { exposure: external, profile: public-tls } }
spec:
  owner: { team: shop, contact: shop@example.com }
  usages: [serverAuth]
  dnsNames: [shop.example.com]
  issuer: local-ca
  ${more}duration: 90d
  deliverTo:
    - { backend: local-ca, path: tls/web.pem, contents: [chain] }
    - { backend: local-ca, path: tls/web.key.pem, contents: [privateKey] }
`;

const policy = (rule: string, name = 'company-tls', more = ''): string => `apiVersion: identity-as-code/v1
kind: Policy
metadata: { name: ${name} }
spec:
  ${more}rules:
    ${rule}
`;
const SHORT = 'certificate/validity-too-long: { severity: error, maximum: 47d, cites: Company rule 7 }';

interface Finding {
  readonly rule: string;
  readonly severity: string;
  readonly message: string;
  readonly policy?: {
    readonly name: string;
    readonly origin: string;
    readonly digest?: string;
    readonly cites?: string;
    readonly binding: boolean;
    readonly file: string;
    readonly range: { readonly start: { readonly line: number } };
  };
}

describe('policies from outside of the project', function () {
  this.timeout(PATIENCE);
  let place: Sandbox;
  let outside: string;
  const write = (file: string, text: string): void => {
    mkdirSync(path.dirname(path.resolve(place.folder, file)), { recursive: true });
    writeFileSync(path.resolve(place.folder, file), text);
  };
  const findings = async (...args: readonly string[]): Promise<readonly Finding[]> => {
    const { data } = await place.json(['check', '--no-scan', ...args]);
    return data['findings'] as readonly Finding[];
  };
  const tooLong = (all: readonly Finding[]) =>
    all.filter(({ rule }) => rule === 'certificate/validity-too-long');
  beforeEach(() => {
    place = sandbox();
    outside = path.join(place.folder, '..', 'outside');
    write('.gitignore', '*.key.pem\n');
    write('web.identity.yaml', manifest());
    write(path.join(outside, 'tls.yaml'), policy(SHORT));
  });
  afterEach(() => place.remove());

  describe('named by --policy', () => {
    const given = (): readonly string[] => ['--policy', path.join(outside, 'tls.yaml')];

    it('are judged, and each verdict names its source', async () => {
      assert.deepEqual(tooLong(await findings()), []);
      const [found, ...others] = tooLong(await findings(...given()));
      assert.deepEqual(others, []);
      assert.equal(found?.severity, 'error');
      const { name, origin, digest = '', cites, binding, file, range } = found?.policy ?? assert.fail();
      assert.deepEqual(
        [name, origin, cites, binding, file, range.start.line],
        [
          'company-tls',
          path.join(outside, 'tls.yaml'),
          'Company rule 7',
          true,
          path.join(outside, 'tls.yaml'),
          6,
        ],
      );
      assert.match(digest, /^sha256:[0-9a-f]{64}$/);
      const { code, out } = await place.idac(['check', '--no-scan', ...given()]);
      assert.equal(code, 1);
      assert.match(
        out,
        /\.\.\/outside\/tls\.yaml:6:5 {2}policy company-tls from .* asks for it \(Company rule 7\)/,
      );
    });

    it('refuse actions', async () => {
      const { code, data } = await place.json(['issue', WEB, '--yes', ...given()]);
      assert.equal(code, 1);
      assert.equal(data['code'], 'refused/policy');
      assert.match(String(data['what']), /outside\/tls\.yaml:6 from /);
      assert.ok(!readdirSync(place.folder).includes('.identity'));
    });

    it('are not written away by a policy, a comment, or by taking all policies of the project away', async () => {
      const looser = policy(
        'certificate/validity-too-long: { severity: info, maximum: 398d }',
        'ours',
        'extends: [company-tls]\n  ',
      );
      write('ours.identity.yaml', looser);
      write(
        'web.identity.yaml',
        manifest('# idac-ignore certificate/validity-too-long until 2099-01-01: partner wants it\n  '),
      );
      assert.deepEqual(
        tooLong(await findings(...given())).map(({ severity, policy }) => [severity, policy?.binding]),
        [['error', true]],
      );
      assert.equal((await place.json(['issue', WEB, '--plan', ...given()])).data['code'], 'refused/policy');
      rmSync(path.join(place.folder, 'ours.identity.yaml'));
      assert.equal(tooLong(await findings(...given())).length, 1);
    });

    it('make a built-in rule graver, and no comment goes past it, whatever policies of the project ask', async () => {
      write(path.join(outside, 'tls.yaml'), policy('owner/missing: { severity: error }'));
      write('ours.identity.yaml', policy('owner/missing: { severity: error }', 'ours'));
      write(
        'web.identity.yaml',
        manifest()
          .replace('  owner: { team: shop, contact: shop@example.com }\n', '')
          .replace(
            'metadata: { name: web,',
            '# idac-ignore owner/missing until 2099-01-01: soon\nmetadata: { name: web,',
          ),
      );
      const missing = async (...args: readonly string[]) =>
        (await findings(...args)).filter(({ rule }) => rule === 'owner/missing');
      assert.deepEqual(await missing(), []);
      const [found] = await missing(...given());
      assert.deepEqual([found?.severity, found?.policy?.name], ['error', 'company-tls']);
    });

    it('give way where they say so, to a policy that extends them', async () => {
      write(path.join(outside, 'tls.yaml'), policy(SHORT.replace('cites:', 'overridable: true, cites:')));
      write(
        'ours.identity.yaml',
        policy(
          'certificate/validity-too-long: { severity: error, maximum: 100d }',
          'ours',
          'extends: [company-tls]\n  ',
        ),
      );
      assert.deepEqual(tooLong(await findings(...given())), []);
    });

    it('may be tightened inside', async () => {
      write(
        'ours.identity.yaml',
        policy('certificate/validity-too-long: { severity: warning, maximum: 7d }', 'ours'),
      );
      const [found] = tooLong(await findings(...given()));
      assert.equal(found?.severity, 'error');
      write('web.identity.yaml', manifest().replace('duration: 90d', 'duration: 30d'));
      assert.deepEqual(
        tooLong(await findings(...given())).map(({ severity, policy }) => [severity, policy?.name]),
        [['warning', 'ours']],
      );
    });

    it('that cannot be read are an error of the command: nobody is judged without them', async () => {
      for (const [text, words] of [
        ['kind: [', /cannot be used|no policy/],
        [policy('certificate/validity-too-long: { maximum: soon }'), /cannot be used: .*tls\.yaml:6: /],
        ['# nothing\n', /holds no policy/],
      ] as const) {
        write(path.join(outside, 'tls.yaml'), text);
        const { code, err } = await place.idac(['check', '--no-scan', ...given()]);
        assert.equal(code, 2, err);
        assert.match(err.replace(/\s+/g, ' '), words);
      }
      const missing = await place.idac(['issue', WEB, '--plan', '--policy', 'nowhere.yaml']);
      assert.equal(missing.code, 1);
      assert.match(missing.err.replace(/\s+/g, ' '), /nowhere\.yaml.*no such file.*Nothing was contacted/);
    });

    it('may be a folder, and several', async () => {
      write(
        path.join(outside, 'names/names.yml'),
        policy('certificate/name-not-allowed: { dns: { allow: ["*.example.org"] } }', 'names'),
      );
      const rules = (await findings('--policy', outside)).map(({ rule }) => rule);
      assert.ok(
        rules.includes('certificate/validity-too-long') && rules.includes('certificate/name-not-allowed'),
      );
      const both = await findings(...given(), '--policy', path.join(outside, 'names'));
      assert.deepEqual(both.flatMap(({ rule, policy }) => (policy === undefined ? [] : [rule])).sort(), [
        'certificate/name-not-allowed',
        'certificate/validity-too-long',
      ]);
    });
  });

  describe('of this machine', () => {
    it('stand in a file of the user, or in a variable', async () => {
      write(path.join(place.stateHome, 'policies.json'), JSON.stringify([path.join(outside, 'tls.yaml')]));
      assert.equal(tooLong(await findings()).length, 1);
      assert.equal((await place.json(['issue', WEB, '--yes'])).data['code'], 'refused/policy');
      rmSync(path.join(place.stateHome, 'policies.json'));
      const { data } = await place.json(['check', '--no-scan'], {
        env: { IDAC_POLICIES: path.join(outside, 'tls.yaml') },
      });
      assert.equal(tooLong(data['findings'] as readonly Finding[]).length, 1);
    });

    it('that cannot be had stop what would need them, and say where they are named', async () => {
      write(path.join(place.stateHome, 'policies.json'), '["relative.yaml"]');
      const { code, err } = await place.idac(['check', '--no-scan']);
      assert.equal(code, 2);
      assert.match(err.replace(/\s+/g, ' '), /policies\.json names relative\.yaml.*absolute path/);
      assert.equal((await place.json(['issue', WEB, '--yes'])).data['code'], 'refused/policy-unreadable');
    });
  });

  describe('of a repository at a commit', () => {
    const commit = (): string => {
      git(outside, 'init', '-q');
      git(outside, 'add', '.');
      git(outside, 'commit', '-q', '-m', 'policies');
      return git(outside, 'rev-parse', 'HEAD').trim();
    };

    it('are fetched when somebody asks, and only then; what they were stays', async () => {
      write(path.join(outside, 'rules/tls.yaml'), policy(SHORT));
      write(path.join(outside, 'other.yaml'), 'apiVersion: v1\n');
      const id = commit();
      const reference = `git+file://${path.resolve(outside)}#${id}:rules`;
      const before = await place.idac(['check', '--no-scan', '--policy', reference]);
      assert.equal(before.code, 2);
      assert.match(before.err.replace(/\s+/g, ' '), /was not fetched yet.*idac policy fetch/);

      const { code, data } = await place.json(['policy', 'fetch', reference]);
      assert.deepEqual(
        [code, data['fetched']],
        [0, [{ reference: reference.replace('file://', ''), files: 1 }]],
      );
      // Neither what the branch says later nor that the repository is gone changes anything.
      write(path.join(outside, 'rules/tls.yaml'), policy(SHORT.replace('47d', '398d')));
      commit();
      rmSync(outside, { recursive: true });
      const [found] = tooLong(await findings('--policy', reference));
      assert.match(found?.policy?.origin ?? '', new RegExp(`^git .*outside@${id.slice(0, 12)}:rules$`));
      assert.match(found?.policy?.file ?? '', /policy-packs\/[0-9a-f]{40}\/rules\/tls\.yaml$/);

      const kept = found?.policy?.file ?? '';
      writeFileSync(kept, readFileSync(kept, 'utf8').replace('47d', '398d'));
      const changed = await place.idac(['check', '--no-scan', '--policy', reference]);
      assert.equal(changed.code, 2);
      assert.match(changed.err.replace(/\s+/g, ' '), /was changed since it was fetched/);
    });

    it('are fetched all at once, as this machine names them', async () => {
      const reference = `git+${path.resolve(outside)}#${commit()}`;
      write(path.join(place.stateHome, 'policies.json'), JSON.stringify([reference]));
      assert.equal((await place.idac(['check', '--no-scan'])).code, 2);
      const fetched = await place.idac(['policy', 'fetch']);
      assert.equal(fetched.code, 0, fetched.err);
      assert.equal(tooLong(await findings()).length, 1);
    });

    it('need the whole id of the commit, one that is there, and no login in the address', async () => {
      const id = commit();
      const repository = path.resolve(outside);
      for (const [reference, words] of [
        [`git+${repository}#main`, /whole id/],
        [`git+${repository}#${id.slice(0, 10)}`, /whole id/],
        [`git+${repository}`, /names no commit/],
        [`git+ssh://git@example.com/pki.git#${id}`, /neither an https address/],
        [`git+https://ada:secret@example.com/pki.git#${id}`, /holds a login/],
        [`git+${repository}#${id}:../..`, /leads out/],
      ] as const) {
        const { code, err } = await place.idac(['policy', 'fetch', reference]);
        assert.equal(code, 2, reference);
        assert.match(err.replace(/\s+/g, ' '), words);
        assert.doesNotMatch(err, /secret/);
      }
      const absent = await place.idac(['policy', 'fetch', `git+${repository}#${'0'.repeat(40)}`]);
      assert.equal(absent.code, 3);
      assert.match(absent.err.replace(/\s+/g, ' '), /does not give the commit 0{40}/);
      assert.deepEqual(
        readdirSync(place.stateHome).includes('policy-packs')
          ? readdirSync(path.join(place.stateHome, 'policy-packs'))
          : [],
        [],
      );
    });
  });

  describe('of a package at a digest', () => {
    const packed = (): { readonly file: string; readonly sha256: string } => {
      write(path.join(outside, 'package.json'), '{ "name": "@example/pki-policies", "version": "1.2.0" }');
      execFileSync('npm', ['pack', '--silent', '--pack-destination', place.stateHome], {
        cwd: outside,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const file = path.join(place.stateHome, 'example-pki-policies-1.2.0.tgz');
      return { file, sha256: createHash('sha256').update(readFileSync(file)).digest('hex') };
    };
    beforeEach(() => mkdirSync(place.stateHome, { recursive: true }));

    it('are what npm packed, by name, version and digest', async () => {
      const { file, sha256 } = packed();
      const [found] = tooLong(await findings('--policy', `${file}#sha256=${sha256}`));
      assert.equal(
        found?.policy?.origin,
        `package @example/pki-policies@1.2.0 (sha256:${sha256.slice(0, 12)})`,
      );
      assert.equal(found.policy?.file, `${file}/tls.yaml`);
    });

    it('are refused without a digest, with another, and damaged', async () => {
      const { file, sha256 } = packed();
      for (const [reference, words] of [
        [file, /without its digest/],
        [`${file}#sha256=${'0'.repeat(64)}`, new RegExp(`another package.*${sha256}`)],
      ] as const) {
        const { code, err } = await place.idac(['check', '--no-scan', '--policy', reference]);
        assert.equal(code, 2);
        assert.match(
          err.replace(/\s+/g, ' ').replaceAll(' ', ''),
          new RegExp(words.source.replaceAll(' ', '')),
        );
      }
      const bytes = readFileSync(file);
      writeFileSync(file, bytes.subarray(0, bytes.length / 2));
      const half = createHash('sha256').update(readFileSync(file)).digest('hex');
      const { code, err } = await place.idac(['check', '--no-scan', '--policy', `${file}#sha256=${half}`]);
      assert.equal(code, 2);
      assert.match(err.replace(/\s+/g, ' '), /is no package|is damaged/);
    });
  });

  describe('that ship with idac', () => {
    const PROJECT = (...packs: readonly string[]): string =>
      `apiVersion: identity-as-code/v1\nkind: Project\nmetadata: { name: shop }\nspec: { packs: [${packs.join(', ')}] }\n`;

    it('are all that the schema of Project names, and all of them can be read', async () => {
      const schema = JSON.parse(readFileSync(path.join(REPOSITORY, 'schemas/project.schema.json'), 'utf8'));
      const names = readdirSync(path.join(REPOSITORY, 'packs'))
        .map((file) => path.basename(file, '.yaml'))
        .sort();
      assert.deepEqual(schema.definitions.ProjectSpec.properties.packs.items.enum, names);
      const { code, data } = await place.json(['policy', 'packs']);
      assert.equal(code, 0);
      assert.deepEqual(
        (data['shipped'] as readonly { name: string }[]).map(({ name }) => name),
        names,
      );
      for (const name of names) {
        const { code: checked, err } = await place.idac(['check', '--no-scan', '--policy', `pack:${name}`]);
        assert.ok(checked < 2, err);
      }
    });

    it('cite a paragraph for each rule', () => {
      for (const file of readdirSync(path.join(REPOSITORY, 'packs'))) {
        const text = readFileSync(path.join(REPOSITORY, 'packs', file), 'utf8');
        const rules = text.match(/^ {4}[a-z-]+\/[a-z-]+:$|^ {4}- id: /gm) ?? [];
        const cites = text.match(/^ {6}cites: .*\d/gm) ?? [];
        const notJudged = text.match(/^ {4}- cites: .*\d/gm) ?? [];
        assert.ok(rules.length > 0);
        assert.equal(
          cites.length - (text.match(/^ {6}about: /gm) ?? []).length + notJudged.length,
          rules.length,
          file,
        );
      }
    });

    it('hold by being named in the project, by their dates', async () => {
      write('project.identity.yaml', PROJECT('cabf-tls'));
      write('web.identity.yaml', manifest().replace('duration: 90d', 'duration: 150d'));
      const on = async (day: string) => tooLong(await findings('--now', day));
      assert.deepEqual(await on('2026-03-14'), []);
      assert.deepEqual(await on('2027-03-14'), []);
      const [found] = await on('2027-03-15');
      assert.match(found?.message ?? '', /100d is the longest allowed since 2027-03-15 \(policy cabf-tls\)/);
      assert.match(found?.policy?.origin ?? '', /^pack cabf-tls \d+\.\d+\.\d+$/);
      assert.equal(found?.policy?.cites, 'CA/Browser Forum TLS BR 6.3.2');
      // Who took the pack in may make an exception; whoever demands it from outside forbids that.
      assert.equal(found?.policy?.binding, false);
      const [demanded] = tooLong(await findings('--now', '2027-03-15', '--policy', 'pack:cabf-tls'));
      assert.equal(demanded?.policy?.binding, true);
    });

    it('IR 8547: 112 bits are deprecated after 2030, classical algorithms disallowed after 2035', async () => {
      write('project.identity.yaml', PROJECT('nist'));
      write('web.identity.yaml', manifest('key: { algorithm: RSA-2048 }\n  '));
      const on = async (day: string) =>
        (await findings('--now', day))
          .filter(({ rule }) => rule === 'key/allowed-algorithms')
          .map(({ severity }) => severity);
      assert.deepEqual(await on('2030-12-31'), []);
      assert.deepEqual(await on('2031-01-01'), ['warning']);
      assert.deepEqual(await on('2035-12-31'), ['warning']);
      assert.ok((await on('2036-01-01')).includes('error'));
      write('web.identity.yaml', manifest('key: { algorithm: ML-DSA-65 }\n  '));
      assert.deepEqual(await on('2036-01-01'), []);
    });

    it('CNSA 2.0: from 2027 on ML-DSA-87 alone, and SLH-DSA never', async () => {
      write('project.identity.yaml', PROJECT('cnsa-2.0'));
      const found = async (algorithm: string, day: string) => {
        write('web.identity.yaml', manifest(`key: { algorithm: ${algorithm} }\n  `));
        return (await findings('--now', day)).some(({ rule }) => rule === 'key/allowed-algorithms');
      };
      assert.equal(await found('ECDSA-P384', '2026-12-31'), false);
      assert.equal(await found('ECDSA-P384', '2027-01-01'), true);
      assert.equal(await found('ECDSA-P256', '2026-12-31'), true);
      assert.equal(await found('ML-DSA-87', '2027-01-01'), false);
      assert.equal(await found('SLH-DSA-SHA2-256s', '2027-01-01'), true);
    });

    it('a name that is no pack is a mistake in the manifest, and on the command line', async () => {
      write('project.identity.yaml', PROJECT('cabf-tsl'));
      assert.ok((await findings()).some(({ rule }) => rule === 'manifest/not-allowed'));
      const { code, err } = await place.idac(['check', '--no-scan', '--policy', 'pack:cabf-tsl']);
      assert.equal(code, 2);
      assert.match(err.replace(/\s+/g, ' '), /no pack cabf-tsl.*cabf-tls/);
    });
  });
});
