import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PATIENCE, type Sandbox, sandbox } from '../support/idac.ts';
import { random } from '../unit/secrets/examples.ts';

interface Found {
  readonly rule: string;
  readonly file: string;
  readonly message: string;
  readonly range: { readonly start: { readonly line: number } };
}

interface Report {
  readonly findings: readonly Found[];
  readonly setAside: readonly (Found & { readonly reason: string; readonly until: string })[];
}

const ENTRIES = '.identity/not-secrets.yaml';
const AWAY = ['--because', 'made up for the tests of the parser', '--until', '2999-12-31'];

describe('idac accept', function () {
  this.timeout(PATIENCE);
  let box: Sandbox;
  beforeEach(() => {
    box = sandbox();
  });
  afterEach(() => box.remove());

  const write = (file: string, content: string): void => {
    mkdirSync(path.dirname(path.join(box.folder, file)), { recursive: true });
    writeFileSync(path.join(box.folder, file), content);
  };
  const read = (file: string): string => readFileSync(path.join(box.folder, file), 'utf8');
  const scan = async (...args: readonly string[]): Promise<Report> =>
    (await box.json(['scan', ...args])).data as unknown as Report;
  const accept = async (...args: readonly string[]): Promise<void> => {
    const { code, err } = await box.idac(['accept', ...args]);
    assert.equal(code, 0, err);
  };
  const rules = ({ findings }: Report): readonly string[] =>
    findings.map(({ rule, file }) => `${file} ${rule}`).sort();
  const password = (): string => random(20);
  const login = (value: string): string => `DATABASE=postgres://app:${value}@db.example.com/app\n`;
  const git = (...args: readonly string[]): void => {
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], {
      cwd: box.folder,
      stdio: 'ignore',
    });
  };

  it('sets a finding aside by rule, value and path, wherever the line goes', async () => {
    const value = password();
    write('a/.env', login(value));
    write('b/.env', login(value));
    const [before] = (await scan('a')).findings;
    assert.ok(before);
    await accept(`a/.env:1`, ...AWAY);
    write('a/.env', `# moved down\n\n${login(value)}`);
    const report = await scan();
    assert.deepEqual(rules(report), [`b/.env ${before.rule}`]);
    assert.deepEqual(
      report.setAside.map(({ file, rule, reason, until, range }) => [
        file,
        rule,
        reason,
        until,
        range.start.line,
      ]),
      [['a/.env', before.rule, 'made up for the tests of the parser', '2999-12-31', 3]],
    );
    assert.match((await box.idac(['scan'])).out, /1 more judged to be no secret/);
    assert.ok(!read(ENTRIES).includes(value));
  });

  it('finds another value at the same place, and reports the entry as stale', async () => {
    write('.env', login(password()));
    await accept('.env:1', ...AWAY);
    assert.deepEqual((await scan()).findings, []);
    write('.env', login(password()));
    const report = await scan();
    assert.deepEqual(
      report.findings.map(({ rule }) => rule.split('/')[0]),
      ['secret', 'not-a-secret'].sort().reverse(),
    );
    const stale = report.findings.find(({ rule }) => rule === 'not-a-secret/stale');
    assert.equal(stale?.file, ENTRIES);
    assert.match(read(ENTRIES).split('\n')[(stale?.range.start.line ?? 0) - 1] ?? '', /rule: secret\//);
  });

  it('reports an entry whose file is gone, and none outside of what was scanned', async () => {
    write('a/.env', login(password()));
    write('b/.env', login(password()));
    await accept('a/.env:1', ...AWAY);
    await accept('b/.env:1', ...AWAY);
    rmSync(path.join(box.folder, 'a'), { recursive: true });
    assert.deepEqual(rules(await scan('b')), []);
    assert.deepEqual(rules(await scan()), [`${ENTRIES} not-a-secret/stale`]);
  });

  it('holds until its day is over', async () => {
    write('.env', login(password()));
    await accept('.env:1', '--because', 'a test', '--until', '2999-01-31');
    assert.deepEqual((await scan('--now', '2999-01-31T23:59:59Z')).findings, []);
    const after = await scan('--now', '2999-02-01T00:00:00Z');
    assert.deepEqual(
      rules(after)
        .map((each) => each.split(' ')[0])
        .sort(),
      ['.env', ENTRIES],
    );
    assert.equal(after.setAside.length, 0);
    assert.ok(after.findings.some(({ rule }) => rule === 'not-a-secret/expired'));
  });

  it('counts for what is staged and for the history, too', async () => {
    write('.env', login(password()));
    await accept('.env:1', ...AWAY);
    git('add', '.');
    const staged = await scan('--staged');
    assert.deepEqual([staged.findings.length, staged.setAside.length], [0, 1]);
    git('commit', '-qm', 'one');
    git('rm', '-q', '--cached', '.env');
    git('commit', '-qm', 'two');
    const history = await scan('--history');
    assert.deepEqual([history.findings.length, history.setAside.length], [0, 1]);
  });

  it('goes over a change of line ends, as git makes them', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    write('test/key.pem', pem);
    await accept('test/key.pem:2', ...AWAY);
    write('test/key.pem', pem.replaceAll('\n', '\r\n'));
    assert.deepEqual((await scan()).findings, []);
  });

  it('keeps comments and the order of paths, and writes an entry once', async () => {
    for (const folder of ['b', 'a', 'c']) write(`${folder}/.env`, login(password()));
    await accept('b/.env:1', ...AWAY);
    write(ENTRIES, read(ENTRIES).replace('entries:', '# ours\nentries:'));
    await accept('c/.env:1', ...AWAY);
    await accept('a/.env:1', ...AWAY);
    await accept('a/.env:1', '--because', 'another reason', '--until', '2999-12-31');
    const text = read(ENTRIES);
    assert.match(text, /# ours/);
    assert.deepEqual(
      [...text.matchAll(/path: (\S+)/g)].map(([, file]) => file),
      ['a/.env', 'b/.env', 'c/.env'],
    );
    assert.match(text, /another reason/);
    assert.deepEqual((await scan()).findings, []);
  });

  it('tells what is wrong with an entry, which has no effect', async () => {
    write('.env', login(password()));
    await accept('.env:1', ...AWAY);
    const whole = read(ENTRIES);
    for (const [from, to] of [
      [/reason: .*/, 'reason: ""'],
      [/until: .*/, 'until: never'],
      [/hash: .*/, 'hash: plain'],
      [/path: .*/, 'path: ../outside'],
      [/rule: .*/, 'rule: certificate/expired'],
      [/salt: .*/, 'salt: 1'],
      [/entries:[\s\S]*/, 'entries: {'],
    ] as const) {
      write(ENTRIES, whole.replace(from, to));
      const found = (await scan()).findings;
      assert.equal(found.filter(({ file }) => file === '.env').length, 1, to);
      assert.deepEqual(
        found.filter(({ file }) => file === ENTRIES).map(({ rule }) => rule),
        ['not-a-secret/malformed'],
        to,
      );
    }
  });

  it('reads and writes no link, pipe or device in place of the file', async () => {
    const value = password();
    const outside = path.join(path.dirname(box.folder), 'outside');
    mkdirSync(outside);
    write('.env', login(value));
    for (const target of ['/dev/zero', path.join(outside, 'entries.yaml')]) {
      mkdirSync(path.join(box.folder, '.identity'), { recursive: true });
      symlinkSync(target, path.join(box.folder, ENTRIES));
      const { findings } = await scan();
      assert.deepEqual(
        findings.filter(({ file }) => file === ENTRIES).map(({ rule }) => rule),
        ['not-a-secret/malformed'],
      );
      assert.equal((await box.idac(['accept', '.env:1', ...AWAY])).code, 2);
      rmSync(path.join(box.folder, ENTRIES));
    }
    rmSync(path.join(box.folder, '.identity'), { recursive: true });
    symlinkSync(outside, path.join(box.folder, '.identity'));
    assert.notEqual((await box.idac(['accept', '.env:1', ...AWAY])).code, 0);
    assert.deepEqual(readdirSync(outside), []);
  });

  it('refuses what has no reason, no end, no line or no finding, and writes nothing', async () => {
    write('.env', login(password()));
    for (const [args, said] of [
      [['.env', ...AWAY], /names no line/],
      [['.env:1', '--until', '2999-12-31'], /needs a reason/],
      [['.env:1', '--because', 'so', '--until', '2000-01-01'], /needs an end/],
      [['.env:2', ...AWAY], /No secret is found/],
      [['.env:1', '--rule', 'secret/other', ...AWAY], /No secret is found/],
      [['../.env:1', ...AWAY], /is not below/],
    ] as const) {
      const { code, err } = await box.idac(['accept', ...args]);
      assert.equal(code, 2, err);
      assert.match(err, said);
    }
    assert.equal((await scan()).findings.length, 1);
  });
});
