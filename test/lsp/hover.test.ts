import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CAPABILITIES, CONFIRMING, type Fixture, IDENTITY, openFixture, WEB } from './fixture.ts';

const FILE = 'web.identity.yaml';
const RICH = WEB.replace(
  '  duration: 47d\n',
  '  duration: 47d\n  renewal: { before: 15d }\n  consumers: [checkout, mobile-app]\n',
).replace('[shop.example.com]', '[shop.example.com, www.shop.example.com]');

describe('language server: hovers', () => {
  let fixture: Fixture;
  afterEach(() => fixture.end());

  const open = async (more: object = {}, manifest = RICH) => {
    fixture = await openFixture({
      capabilities: CONFIRMING,
      answers: { 'identity/confirm': () => ({ confirmed: true }) },
      files: { [FILE]: manifest },
      ...more,
    });
    fixture.open(FILE);
  };
  const issue = async () => {
    const { result, message } = await fixture.run('idac.run', {
      verb: 'issue',
      identity: IDENTITY,
      because: 'the shop opens',
    });
    assert.equal(result.state, 'done', message);
  };
  const hover = async (written: string, file = FILE, text = RICH) => {
    const before = text.slice(0, text.indexOf(written)).split('\n');
    const position = { line: before.length - 1, character: (before.at(-1) ?? '').length + 1 };
    const found = await fixture.client.request<{ contents: { kind: string; value: string } } | null>(
      'textDocument/hover',
      { textDocument: { uri: fixture.uri(file) }, position },
    );
    return found?.contents ?? { kind: '', value: '' };
  };
  /** The rows of a card. */
  const rows = (value: string): Map<string, string> =>
    new Map(
      value.split('\n').flatMap((line) => {
        const [, label = '', text = ''] = /^\| (.*?) \| (.*) \|$/.exec(line) ?? [];
        return label === '' || label === '---' ? [] : [[label, text.replaceAll('\\', '')] as const];
      }),
    );

  it('on a name: the certificate in use, who renews it, who did what last, and what rules say', async () => {
    await open();
    await issue();
    const { kind, value } = await hover('web\n');
    assert.equal(kind, 'markdown');
    assert.match(value, /^\*\*Certificate\/default\/web\*\*$/m);
    const card = rows(value);
    assert.match(card.get('State') ?? '', /^expires in 4[67] days$/);
    assert.equal(card.get('Names'), 'shop.example.com, www.shop.example.com');
    assert.equal(card.get('Usages'), 'serverAuth');
    assert.match(card.get('Issuer') ?? '', /CN=Test Internal/);
    assert.match(card.get('Chain') ?? '', /^→ CN=Test Internal/);
    assert.match(card.get('Valid') ?? '', /UTC to .* UTC \(4[67] days left\)$/);
    assert.equal(card.get('Key'), 'ECDSA-P256');
    assert.match(card.get('SHA-256') ?? '', /^[0-9a-f]{64}$/);
    assert.match(card.get('SHA-256 of the key') ?? '', /^[0-9a-f]{64}$/);
    assert.match(card.get('Renewal') ?? '', /^due on \d{4}-\d\d-\d\d, by idac/);
    assert.match(card.get('Last') ?? '', /^delivered .* by .+: the shop opens$/);
    assert.equal(card.get('Used by'), 'checkout, mobile-app');
    assert.equal(card.get('Owner'), 'shop, shop@example.com');
    assert.match(card.get('Rules and policies') ?? '', /^(nothing against it|\d findings?)$/);
  });

  it('on a delivered file: what lies there, and nothing private', async () => {
    await open();
    assert.match((await hover('tls/web.pem')).value, /deliverTo/, 'before it is there: what the field means');
    await issue();
    const card = rows((await hover('tls/web.pem')).value);
    assert.equal(card.get('Holds'), 'Certificate');
    assert.match(card.get('State') ?? '', /^Valid/);
    assert.equal(card.get('Names'), 'shop.example.com, www.shop.example.com');
    assert.match(card.get('Chain') ?? '', /^→ CN=Test Internal/);
    const key = (await hover('tls/web.key.pem')).value;
    assert.equal(rows(key).get('Holds'), 'Private key');
    for (const line of fixture.read('tls/web.key.pem').split('\n').slice(1, -2))
      assert.ok(!key.includes(line));
  });

  it('on a file: no link leads out of the project', async () => {
    await open();
    await issue();
    const outside = path.join(fixture.box.stateHome, 'outside.pem');
    writeFileSync(outside, fixture.read('tls/web.pem'));
    fixture.write(
      'link.identity.yaml',
      RICH.replace('name: web', 'name: linked').replaceAll('tls/', 'linked/'),
    );
    mkdirSync(path.join(fixture.box.folder, 'linked'), { recursive: true });
    symlinkSync(outside, path.join(fixture.box.folder, 'linked/web.pem'));
    fixture.open('link.identity.yaml');
    const { value } = await hover('linked/web.pem', 'link.identity.yaml', fixture.read('link.identity.yaml'));
    assert.doesNotMatch(value, /Holds/);
    assert.match(value, /deliverTo/);
  });

  it('is plain text for a client that reads no Markdown', async () => {
    await open({
      capabilities: {
        ...CONFIRMING,
        textDocument: { ...CAPABILITIES.textDocument, hover: { contentFormat: ['plaintext'] } },
      },
    });
    await issue();
    const { kind, value } = await hover('web\n');
    assert.equal(kind, 'plaintext');
    assert.match(value, /^Certificate\/default\/web$/m);
    assert.match(value, /^Names: shop\.example\.com, www\.shop\.example\.com$/m);
  });

  it('shows what a hostile manifest says as it is written: no link, no command, no picture', async () => {
    const evil =
      '[click](command:idac.run?%7B%22verb%22%3A%22destroy%22%7D) ![x](https://evil.example/p.png) <img src=x>';
    const manifest = RICH.replace('contact: shop@example.com', `contact: ${JSON.stringify(evil)}`).replace(
      'consumers: [checkout, mobile-app]',
      `consumers: [${JSON.stringify(`a | b\u202e${evil}`)}]`,
    );
    await open({}, manifest);
    const { value } = await hover('web\n', FILE, manifest);
    for (const raw of ['[click](', '![x]', 'https://', '\u202e']) assert.ok(!value.includes(raw), raw);
    assert.doesNotMatch(value, /(?<!\\)\]\(/, 'no bracket that ends a link');
    assert.doesNotMatch(value, /(?<!\\)</, 'no tag');
    assert.match(value, /\\\[click\\\]/);
  });
});
