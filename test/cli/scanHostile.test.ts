import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { DETECTORS } from '../../server/src/core/secrets/generated/registry.ts';
import { PATIENCE, type Sandbox, sandbox } from '../support/idac.ts';
import { withUsage } from '../support/processUsage.ts';

interface Report {
  readonly files: number;
  readonly bytes: number;
  readonly skipped: readonly { readonly path: string; readonly why: string }[];
  readonly findings: readonly {
    readonly rule: string;
    readonly file: string;
    readonly range: { readonly start: { readonly line: number; readonly column: number } };
  }[];
}

const KEY = 'secret/private-key';
const MIB = 1024 * 1024;
const NOBODY = 65534;
/** More than this is not bounded memory, whatever the machine does besides. */
const BOUND_MIB = 400;

describe('idac scan: what was made against it', function () {
  // Hundreds of thousands of files are also made and removed.
  this.timeout(3 * PATIENCE);
  let box: Sandbox;
  beforeEach(() => {
    box = sandbox();
  });
  afterEach(() => box.remove());

  const at = (file: string): string => path.join(box.folder, file);
  const write = (file: string, content: string | Uint8Array): void => {
    mkdirSync(path.dirname(at(file)), { recursive: true });
    writeFileSync(at(file), content);
  };
  const git = (...args: readonly string[]): string =>
    execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@example.com', ...args], {
      cwd: box.folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  const key = (): string =>
    generateKeyPairSync('ec', { namedCurve: 'P-256' })
      .privateKey.export({ type: 'pkcs8', format: 'pem' })
      .toString();
  const scan = async (...args: readonly string[]): Promise<Report> => {
    const ran = await withUsage(box.start(['scan', ...args, '--format', 'json']));
    assert.ok(ran.code === 0 || ran.code === 1, ran.err);
    if (process.platform === 'linux')
      assert.ok((ran.peakMiB ?? BOUND_MIB) < BOUND_MIB, `it used ${ran.peakMiB} MiB`);
    return JSON.parse(ran.out) as Report;
  };
  const places = ({ findings }: Report): readonly string[] =>
    findings.map(({ file, range, rule }) => `${file}:${range.start.line}:${range.start.column} ${rule}`);

  it('reads a file of 2 GiB in pieces: keys at its end, over the edge of a piece and in one long line', async () => {
    const file = openSync(at('disk.img'), 'w');
    ftruncateSync(file, 2048 * MIB);
    // Pieces are of one MiB, with half as much of what stands around them.
    writeSync(file, `\n\n${key()}`, 8 * MIB - 100);
    writeSync(file, `\n${key()}`, 1024 * MIB);
    writeSync(file, `\n${key()}`, 2048 * MIB - 4096);
    closeSync(file);
    const report = await scan();
    assert.deepEqual(places(report), [`disk.img:3:1 ${KEY}`, `disk.img:9:1 ${KEY}`, `disk.img:15:1 ${KEY}`]);
    assert.deepEqual([report.files, report.bytes, report.skipped], [1, 2048 * MIB, []]);
  });

  it('reads a line of 100 MiB, and tells the columns in it', async () => {
    const written = key().replaceAll('\n', '\\n');
    const unit = Buffer.from('{"ä": "🙂", "b": [1, 2, 3]}, ');
    const line = Buffer.alloc(100 * MIB, unit);
    const before = Math.floor(line.length / unit.length) * unit.length;
    write('one.json', Buffer.concat([line.subarray(0, before), Buffer.from(`"${written}"`), line]));
    const columns = (before / unit.length) * unit.toString().length;
    assert.deepEqual(places(await scan()), [`one.json:1:${columns + 2} ${KEY}`]);
  });

  it('tells the places of thousands of findings in one line without going through it for each', async () => {
    const one = key().replaceAll('\n', '\\n');
    write('many.json', Array.from({ length: 20_000 }, () => `"${one}",`).join(' '.repeat(400)));
    assert.equal((await scan()).findings.length, 20_000);
  });

  it('looks at 200,000 files', async () => {
    for (let folder = 0; folder < 200; folder += 1) {
      mkdirSync(at(`f${folder}`));
      for (let file = 0; file < 1000; file += 1) writeFileSync(at(`f${folder}/${file}`), 'x');
    }
    write('f77/500', key());
    const report = await scan();
    assert.deepEqual(places(report), [`f77/500:1:1 ${KEY}`]);
    assert.equal(report.files, 200_000);
  });

  it('is not slowed down by text that is made of the words it looks for', async () => {
    const words = DETECTORS.flatMap(({ keywords }) => keywords);
    for (const [place, word] of words.entries()) {
      const filled = (text: string): string => text.repeat(Math.ceil((5 * 1024) / text.length));
      write(`words/${place}-row.txt`, filled(word));
      write(`words/${place}-lines.yaml`, filled(`${word}: ${'a'.repeat(90)}\n`));
      write(`words/${place}-open.json`, `${filled(`${word}="`)}${'{['.repeat(4000)}`);
    }
    write('all.txt', words.join(' ').repeat(200));
    const report = await scan();
    assert.equal(report.files, words.length * 3 + 1);
  });

  it('decodes base64 in base64 and wide base64 within bounds', async () => {
    let deep = key();
    for (let depth = 0; depth < 24; depth += 1) deep = Buffer.from(deep).toString('base64');
    write('deep.txt', deep);
    write('wide.txt', Buffer.from(`${key()}${'x'.repeat(24 * MIB)}`).toString('base64'));
    write('lines.txt', `${Buffer.from(key()).toString('base64')}\n`.repeat(3000));
    write('begins.txt', `${Buffer.from('-----BEGIN PRIVATE KEY-----').toString('base64')}\n`.repeat(100_000));
    const report = await scan();
    assert.equal(report.findings.filter(({ file }) => file === 'lines.txt').length, 3000);
    assert.ok(report.skipped.some((each) => each.path === 'begins.txt'));
  });

  it('reads a pack of git whose contents are 4,000 changes of one another', async () => {
    const lines = Array.from({ length: 400 }, () => randomBytes(30).toString('hex'));
    const stream: string[] = [];
    for (let version = 0; version < 4000; version += 1) {
      lines[version % lines.length] = randomBytes(30).toString('hex');
      const text = version === 1234 ? `${lines.join('\n')}\n${key()}` : lines.join('\n');
      stream.push(
        `commit refs/heads/many\ncommitter x <x@example.com> ${1_700_000_000 + version} +0000\ndata 1\nx\n` +
          `M 100644 inline versions.txt\ndata ${text.length}\n${text}\n`,
      );
    }
    execFileSync('git', ['fast-import', '--quiet', '--depth=4095'], {
      cwd: box.folder,
      input: stream.join(''),
    });
    git('repack', '-adfq', '--depth=4095', '--window=5');
    const report = await scan('--history');
    assert.deepEqual(places(report), [`versions.txt:401:1 ${KEY}`]);
    assert.deepEqual([report.files, report.skipped], [4000, []]);
  });

  it('reads a content of git that is larger than any piece', async () => {
    write('large.bin', Buffer.concat([Buffer.alloc(80 * MIB, 'lorem ipsum '), Buffer.from(`\n${key()}`)]));
    git('add', '-A');
    git('commit', '-qm', 'x');
    git('rm', '-q', 'large.bin');
    git('commit', '-qm', 'y');
    for (const args of [['--history']])
      assert.deepEqual(places(await scan(...args)), [`large.bin:2:1 ${KEY}`]);
  });

  it('names pipes, sockets, devices, links in circles and what it may not read, and waits for none of them', async function () {
    if (process.platform === 'win32') this.skip();
    write('a/key.pem', key());
    execFileSync('mkfifo', [at('pipe')]);
    symlinkSync('.', at('a/self'));
    symlinkSync('../b', at('a/there'));
    mkdirSync(at('b'));
    symlinkSync('../a', at('b/back'));
    symlinkSync('/dev/zero', at('zero'));
    symlinkSync('nowhere', at('gone'));
    const server = createServer();
    await new Promise<void>((listening) => server.listen(at('socket'), listening));
    try {
      const report = await scan();
      assert.deepEqual(places(report), [`a/key.pem:1:1 ${KEY}`]);
      assert.deepEqual(report.skipped.map((each) => `${each.path}: ${each.why}`).sort(), [
        'a/self: it is a link',
        'a/there: it is a link',
        'b/back: it is a link',
        'gone: it is a link',
        'pipe: it is no regular file',
        'socket: it is no regular file',
        'zero: it is a link',
      ]);
      const named = await scan('pipe', 'gone', 'zero');
      assert.deepEqual([named.files, named.skipped.length], [0, 3]);
      assert.deepEqual((await scan('a', 'a/key.pem', 'a')).findings.length, 1);
    } finally {
      server.close();
    }
  });

  it('names what it may not read', async function () {
    if (process.platform === 'win32') this.skip();
    write('closed.pem', key());
    write('closed/key.pem', key());
    chmodSync(at('closed.pem'), 0);
    chmodSync(at('closed'), 0);
    // Root may read everything.
    if (process.getuid?.() === 0) execFileSync('chown', ['-R', String(NOBODY), path.dirname(box.folder)]);
    const ran = await box.idac(['scan', '--format', 'json'], process.getuid?.() === 0 ? { uid: NOBODY } : {});
    chmodSync(at('closed'), 0o700);
    const { skipped } = JSON.parse(ran.out) as Report;
    assert.deepEqual(
      skipped.map((each) => `${each.path}: ${each.why}`),
      ['closed: it cannot be read (EACCES)', 'closed.pem: it cannot be read (EACCES)'],
    );
  });

  it('ends with a file that grows without an end, and says that it and one that shrinks were not read whole', async () => {
    write('grows.log', 'x');
    truncateSync(at('grows.log'), 512 * MIB);
    write('shrinks.log', 'y');
    const more = Buffer.alloc(MIB, 'x\n');
    let size = 512;
    const change = setInterval(() => {
      appendFileSync(at('grows.log'), more);
      size = size === 512 ? 510 : 512;
      truncateSync(at('shrinks.log'), size * MIB);
    }, 1);
    try {
      const { skipped, files } = await scan();
      assert.equal(files, 2);
      assert.deepEqual(
        skipped.map((each) => `${each.path}: ${each.why}`),
        ['grows.log', 'shrinks.log'].map(
          (each) => `${each}: it changed while it was read, and was looked at as it was then`,
        ),
      );
    } finally {
      clearInterval(change);
    }
  });

  it('reads files whose names are no text, and shows none of them as another line', async function () {
    if (process.platform !== 'linux') this.skip();
    const odd = Buffer.concat([Buffer.from(`${box.folder}/`), Buffer.from([0x6b, 0xff, 0xfe])]);
    mkdirSync(odd);
    writeFileSync(Buffer.concat([odd, Buffer.from('/'), Buffer.from([0xe4, 0x2e])]), key());
    write('a\nerror  b.pem', key());
    write('..foo/key.pem', key());
    const report = await scan();
    assert.deepEqual(places(report), [
      `..foo/key.pem:1:1 ${KEY}`,
      `a\nerror  b.pem:1:1 ${KEY}`,
      `k\ufffd\ufffd/\ufffd.:1:1 ${KEY}`,
    ]);
    assert.deepEqual(report.skipped, []);
    assert.deepEqual((await scan('..foo')).findings.length, 1);
    const { out } = await box.idac(['scan']);
    assert.ok(!out.split('\n').some((line) => line.startsWith('error')), out);
    assert.match(out, /a\\u000aerror {2}b\.pem/);
  });
});
