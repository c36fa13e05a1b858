import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PATIENCE, REPOSITORY, type Sandbox, sandbox } from '../support/idac.ts';
import type { FindingJson } from '../support/quickFixes.ts';

/** The mistakes that samples/README.md tells of, and no other. */
const PLANNED = [
  {
    file: 'apps/courier-app.identity.yaml',
    rule: 'key/store-unused',
    severity: 'warning',
    text: 'store',
    right: 'store',
  },
  {
    file: 'depots/access.identity.yaml',
    rule: 'reference/missing',
    severity: 'error',
    text: 'ssh-autority',
    right: 'ssh-authority',
  },
  {
    file: 'depots/access.identity.yaml',
    rule: 'manifest/bad-duration',
    severity: 'error',
    text: '180 days',
    right: '180d',
  },
  {
    file: 'depots/depot-server.identity.yaml',
    rule: 'key/readable-by-others',
    severity: 'error',
    text: '"0644"',
    right: '"0600"',
  },
  {
    file: 'depots/gates.identity.yaml',
    rule: 'machine/undeclared',
    severity: 'warning',
    text: 'gate-leipzg',
    right: 'gate-leipzig',
  },
  {
    file: 'depots/workloads.identity.yaml',
    rule: 'manifest/bad-selector',
    severity: 'error',
    text: '"unix: user:sorting"',
    right: '"unix:user:sorting"',
  },
  {
    file: 'kubernetes/payments.yaml',
    rule: 'cert-manager/duration',
    severity: 'error',
    text: '90d',
    right: '2160h',
  },
  {
    file: 'payments/keys.identity.yaml',
    rule: 'manifest/not-allowed',
    severity: 'error',
    text: 'ECDSA-P265',
    right: 'ECDSA-P256',
  },
  {
    file: 'platform/build.identity.yaml',
    rule: 'manifest/unknown-field',
    severity: 'error',
    text: 'scope',
    right: 'scopes',
  },
  {
    file: 'tracking/search.identity.yaml',
    rule: 'delivery/machine-placeholder-missing',
    severity: 'error',
    text: 'deploy/tls/root.pem',
    right: '"deploy/tls/{machine}/root.pem"',
  },
  {
    file: 'tracking/workloads.identity.yaml',
    rule: 'reference/missing',
    severity: 'error',
    text: 'platform/node-leipzg',
    right: 'platform/node-leipzig',
  },
];

describe('idac check', function () {
  this.timeout(PATIENCE);
  let place: Sandbox;
  before(() => {
    place = sandbox({ from: 'samples' });
  });
  after(() => place.remove());

  it('reports exactly the planned mistakes of the samples, at their exact places', async () => {
    const { code, data, err } = await place.json(['check']);
    assert.equal(code, 1);
    assert.equal(err, '');
    assert.equal(data['schemaVersion'], 1);
    const findings = data['findings'] as readonly FindingJson[];
    assert.deepEqual(
      findings.map(({ file, rule, severity }) => ({ file, rule, severity })),
      PLANNED.map(({ file, rule, severity }) => ({ file, rule, severity })),
    );
    for (const [index, { range, file, fixes }] of findings.entries()) {
      const line =
        readFileSync(path.join(place.folder, file), 'utf8').split('\n')[range.start.line - 1] ?? '';
      assert.equal(range.start.line, range.end.line);
      assert.equal(line.slice(range.start.column - 1, range.end.column - 1), PLANNED[index]?.text);
      assert.match(line, /# a mistake on purpose: .+ \(see README\.md\)$/);
      const [fix] = fixes;
      assert.deepEqual([fix?.preferred, fix?.edits[0]?.newText], [true, PLANNED[index]?.right]);
    }
  });

  it('says in samples/README.md what the mistakes are', () => {
    const readme = readFileSync(path.join(place.folder, 'README.md'), 'utf8');
    const rows = readme.split('\n').filter((line) => /^\| `\w.*\.yaml` \|/.test(line));
    assert.deepEqual(
      rows.map((row) => row.split('`')[1]),
      PLANNED.map(({ file }) => file),
    );
  });

  it('prints text for people: place, sentence, rule, fix, count', async () => {
    const { code, out } = await place.idac(['check']);
    assert.equal(code, 1);
    assert.match(out, /^depots\/gates\.identity\.yaml\n +31:14 {2}warning {2}.*gate-leipzg/m);
    assert.match(out, /^ +fix {2}Change to "gate-leipzig"$/m);
    assert.match(
      out,
      /^9 errors · 2 warnings in 47 files of fernweh-freight; \d+ files looked through for secrets and keys$/m,
    );
  });

  it('shows paths from where the person stands, and narrows to paths', async () => {
    const { code, out } = await place.idac(['check', 'gates.identity.yaml'], {
      cwd: path.join(place.folder, 'depots'),
    });
    assert.equal(code, 0, 'a warning is below --fail-on error');
    assert.match(out, /^gates\.identity\.yaml$/m);
    assert.match(out, /^1 warning in 1 file/m);
    assert.equal((await place.idac(['check', 'security'])).code, 0);
    const gates = ['check', 'depots/gates.identity.yaml', '--fail-on', 'warning'];
    assert.equal((await place.idac(gates)).code, 1);
  });

  it('finds the project of a path that is named from outside', async () => {
    const { code, out } = await place.idac(['check', place.folder], { cwd: path.dirname(place.folder) });
    assert.equal(code, 1);
    assert.match(out, /of fernweh-freight/);
    const elsewhere = await place.idac(['check', '-C', place.folder], { cwd: path.dirname(place.folder) });
    assert.equal(elsewhere.code, 1);
  });

  it('speaks SARIF with the same places, pages and repairs', async () => {
    const { out } = await place.idac(['check', '--format', 'sarif']);
    const [run] = JSON.parse(out).runs;
    assert.deepEqual(
      run.results.map((each: { ruleId: string }) => each.ruleId),
      PLANNED.map(({ rule }) => rule),
    );
    for (const rule of run.tool.driver.rules) {
      assert.ok(rule.help.markdown.length > 20);
      assert.ok(rule.fullDescription.text.length > 20);
    }
    const gates = run.results.find((each: { ruleId: string }) => each.ruleId === 'machine/undeclared');
    assert.equal(gates.level, 'warning');
    assert.deepEqual(gates.locations[0].physicalLocation.region, {
      startLine: 31,
      startColumn: 14,
      endLine: 31,
      endColumn: 25,
    });
    assert.equal(gates.fixes[0].artifactChanges[0].replacements[0].insertedContent.text, 'gate-leipzig');
  });

  it('prints a line for each finding, which the problem matcher of VS Code reads', async () => {
    const { out, code } = await place.idac(['check', '--format', 'lines'], { cwd: place.folder });
    assert.equal(code, 1);
    const { contributes } = JSON.parse(readFileSync(path.join(REPOSITORY, 'package.json'), 'utf8')) as {
      contributes: { problemMatchers: [{ pattern: { regexp: string } }] };
    };
    const pattern = new RegExp(contributes.problemMatchers[0].pattern.regexp);
    const read = out
      .trimEnd()
      .split('\n')
      .map((line) => pattern.exec(line)?.slice(1) ?? assert.fail(line));
    assert.deepEqual(
      read.map(([, , , , , rule]) => rule),
      PLANNED.map(({ rule }) => rule),
    );
    const gates = read.find(([, , , , , rule]) => rule === 'machine/undeclared');
    assert.deepEqual(gates?.slice(0, 4), ['depots/gates.identity.yaml', '31', '14', 'warning']);
  });

  it('annotates on GitHub from the top of the work tree', async () => {
    const { out } = await place.idac(['check', '--format', 'github'], {
      env: { GITHUB_WORKSPACE: path.dirname(place.folder) },
    });
    assert.match(
      out,
      /^::warning file=project\/depots\/gates\.identity\.yaml,line=31,endLine=31,col=14,endColumn=25,title=machine\/undeclared::/m,
    );
    assert.equal(out.trim().split('\n').length, PLANNED.length);
  });

  it('says what is wrong with its own command line', async () => {
    assert.match((await place.idac(['check', 'nowhere'])).err, /no file or folder nowhere/);
    assert.match((await place.idac(['check', 'payments', '..'])).err, /is not below/);
    assert.match((await place.idac(['check', '--now', 'soon'])).err, /2030-01-01T00:00:00Z/);
    assert.match((await place.idac(['check', '--format', 'xml'])).err, /text, json, sarif, github/);
    assert.equal((await place.idac(['check', 'nowhere'])).code, 2);
  });

  it('never passes what a hostile manifest holds on to the terminal as it is', async () => {
    const file = path.join(place.folder, 'evil.identity.yaml');
    writeFileSync(
      file,
      'apiVersion: identity-as-code/v1\nkind: Machine\nmetadata: { name: "x\\e[2J\\u202E" }\nspec: { type: vm }\n',
    );
    const { out } = await place.idac(['check', 'evil.identity.yaml'], { env: { FORCE_COLOR: '1' } });
    assert.ok(out.includes('\u001b[31m'), 'colour was asked for');
    assert.ok(!out.includes('\u001b[2J') && !out.includes('\u202e'));
  });

  it('is quiet where nothing is declared', async () => {
    const empty = sandbox({ git: false });
    try {
      const { code, out, err } = await empty.idac(['check']);
      assert.equal(code, 0);
      assert.match(out, /^no findings in 0 files/);
      assert.match(err, /idac init/);
    } finally {
      empty.remove();
    }
  });
});
