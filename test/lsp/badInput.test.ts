import assert from 'node:assert/strict';
import { symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CAPABILITIES, type Fixture, openFixture, type Report, WEB } from './fixture.ts';

const FILE = 'bad.identity.yaml';
const HEAD = 'apiVersion: identity-as-code/v1\nkind: Certificate\nmetadata:\n  name: bad\n';
const MEBIBYTE = 1024 * 1024;

/** Ten anchors of ten times the one before: ten thousand million values, were they all written out. */
const ALIAS_BOMB = `${HEAD}bomb:\n  l0: &l0 [x, x, x, x, x, x, x, x, x, x]\n${Array.from(
  { length: 9 },
  (_, level) => `  l${level + 1}: &l${level + 1} [${Array(10).fill(`*l${level}`).join(', ')}]\n`,
).join('')}`;

const MANY_MISTAKES = `${HEAD}spec:\n${Array.from({ length: 20_000 }, (_, each) => `  wrong${each}: 1\n`).join('')}`;

describe('language server: bad input', function () {
  this.timeout(120_000);
  let fixture: Fixture;
  beforeEach(async () => {
    fixture = await openFixture();
  });
  afterEach(() => fixture.end());

  const rules = (report: Report): readonly string[] => report.items.map(({ code }) => code);
  /** Whatever came in, the next request of another file is answered, and a mistake in it is found. */
  const isAlive = async (): Promise<void> => {
    fixture.open('web.identity.yaml', WEB.replace('dnsNames', 'dnsName'));
    assert.ok(rules(await fixture.pull('web.identity.yaml')).includes('manifest/unknown-field'));
  };
  const opened = async (text: string): Promise<Report> => {
    fixture.open(FILE, text);
    return fixture.pull(FILE);
  };

  /** Of the file as it lies on disk, without opening it. */
  const onDisk = async (): Promise<Report> => {
    const { items } = await fixture.client.request<{ items: (Report & { uri: string })[] }>(
      'workspace/diagnostic',
      { previousResultIds: [] },
    );
    const report = items.find(({ uri }) => uri === fixture.uri(FILE));
    return report ?? assert.fail('the file is not reported');
  };

  it('says where aliases multiply without end', async () => {
    assert.deepEqual(rules(await opened(ALIAS_BOMB)), ['manifest/too-many-aliases']);
    await isAlive();
  });

  for (const [name, text] of Object.entries({
    brackets: '['.repeat(10_000),
    braces: '{a: '.repeat(10_000),
    'lists in lists': `${'- '.repeat(10_000)}x`,
    'indented maps': Array.from({ length: 1_000 }, (_, depth) => `${' '.repeat(depth)}k:\n`).join(''),
  })) {
    it(`says where it is too deep: ${name}`, async () => {
      const report = await opened(
        `${HEAD}deep: ${name === 'brackets' || name === 'braces' ? '' : '\n  '}${
          name === 'indented maps' ? text.replaceAll('\n', '\n  ') : text
        }\n`,
      );
      assert.deepEqual(rules(report), ['manifest/too-deep']);
      await isAlive();
    });
  }

  it('says that a file on disk is too large, without holding it', async () => {
    fixture.write(FILE, `${HEAD}# ${'x'.repeat(50 * MEBIBYTE)}\n`);
    fixture.client.notify('workspace/didChangeWatchedFiles', {
      changes: [{ uri: fixture.uri(FILE), type: 1 }],
    });
    assert.deepEqual(rules(await onDisk()), ['manifest/too-large']);
    await isAlive();
  });

  it('says that an open buffer is too large, and reads it again once it is not', async () => {
    assert.deepEqual(rules(await opened(`${HEAD}# ${'x'.repeat(50 * MEBIBYTE)}\n`)), ['manifest/too-large']);
    fixture.change(FILE, 2, [{ text: WEB.replace('name: web', 'name: small') }]);
    assert.ok(!rules(await fixture.pull(FILE)).includes('manifest/too-large'));
    await isAlive();
  });

  it('says where a file is not UTF-8', async () => {
    const bytes = Buffer.from(WEB.replace('shop.example.com', 'sh?p.example.com'));
    bytes[bytes.indexOf('?')] = 0xf6;
    writeFileSync(path.join(fixture.box.folder, FILE), bytes);
    fixture.client.notify('workspace/didChangeWatchedFiles', {
      changes: [{ uri: fixture.uri(FILE), type: 1 }],
    });
    assert.deepEqual(rules(await onDisk()), ['manifest/invalid-utf8']);
    await isAlive();
  });

  it('takes __proto__, constructor and toString for the unknown fields that they are', async () => {
    const keys = ['__proto__', 'constructor', 'toString'];
    const report = await opened(
      `${WEB.replace('name: web', 'name: keys')}${keys.map((key) => `  ${key}: { a: 1 }\n`).join('')}`,
    );
    assert.deepEqual(
      rules(report).filter((rule) => rule === 'manifest/unknown-field'),
      keys.map(() => 'manifest/unknown-field'),
    );
    await isAlive();
  });

  it('says the first hundred of 20,000 mistakes', async () => {
    assert.equal((await opened(MANY_MISTAKES)).items.length, 100);
    await isAlive();
  });
});

describe('language server: folders that lead into themselves', () => {
  it('are read once', async function () {
    if (process.platform === 'win32') this.skip();
    const first = await openFixture({ capabilities: CAPABILITIES });
    symlinkSync('..', path.join(first.box.folder, 'up'));
    symlinkSync('loop', path.join(first.box.folder, 'loop'));
    symlinkSync('loop.identity.yaml', path.join(first.box.folder, 'loop.identity.yaml'));
    first.write('web.identity.yaml', WEB.replace('dnsNames:', 'dnsName:'));
    await first.client.stop();
    const fixture = await openFixture({ box: first.box });
    const { items } = await fixture.client.request<{ items: { uri: string }[] }>('workspace/diagnostic', {
      previousResultIds: [],
    });
    assert.deepEqual(items.map(({ uri }) => uri).sort(), [fixture.uri('web.identity.yaml')]);
    await fixture.end();
  });
});
