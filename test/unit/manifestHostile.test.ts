import assert from 'node:assert/strict';
import { parseManifestFile } from '../../server/src/core/manifest/manifestFile.ts';

const NAME = 'a.identity.yaml';
const rules = (text: string): readonly string[] =>
  parseManifestFile(NAME, text).findings.map(({ rule }) => rule);

describe('hostile manifests', () => {
  for (const [name, text] of Object.entries({
    'open brackets': '['.repeat(100_000),
    'closed brackets': `${'['.repeat(10_000)}${']'.repeat(10_000)}`,
    braces: '{a: '.repeat(10_000),
    dashes: '- '.repeat(10_000),
    'question marks': '? '.repeat(10_000),
    indentation: Array.from({ length: 2000 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'),
  })) {
    it(`end at the limit of depth: ${name}`, () => assert.deepEqual(rules(text), ['manifest/too-deep']));
  }

  it('cannot multiply by aliases', () => {
    const levels = Array.from({ length: 20 }, (_, level) =>
      level === 0
        ? 'l0: &l0 [x, x, x]'
        : `l${level}: &l${level} [*l${level - 1}, *l${level - 1}, *l${level - 1}]`,
    );
    assert.deepEqual(rules(levels.join('\n')), ['manifest/too-many-aliases']);
    const merges = levels.map((line) => line.replace(/\[(\*l\d+), .*\]/, '{ a: $1, b: $1, c: $1 }'));
    assert.deepEqual(rules(merges.join('\n')), ['manifest/too-many-aliases']);
  });

  it('cannot refer to themselves', () => {
    assert.deepEqual(rules('spec: &a [*a]\n'), ['manifest/unknown-alias']);
    assert.deepEqual(rules('spec: &a { <<: *a }\n'), ['manifest/unknown-alias']);
  });

  it('cannot reach prototypes', () => {
    const text =
      'apiVersion: identity-as-code/v1\nkind: Machine\nmetadata: { name: web }\n__proto__: { kind: Backend }\nspec:\n  type: server\n  constructor: x\n  <<: { __proto__: { polluted: 1 } }\n';
    const { documents, findings } = parseManifestFile(NAME, text);
    assert.deepEqual(
      findings.map(({ rule, range }) => [rule, range.start.line]),
      [
        ['manifest/unknown-field', 3],
        ['manifest/unknown-field', 6],
        ['manifest/unknown-field', 7],
      ],
    );
    assert.equal(documents[0]?.resource?.kind, 'Machine');
    assert.equal(Object.hasOwn(Object.prototype, 'polluted'), false);
    assert.ok(Object.hasOwn(documents[0]?.value as object, '__proto__'));
  });

  for (const kind of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
    it(`are of no kind called ${kind}`, () => {
      assert.deepEqual(
        rules(`apiVersion: identity-as-code/v1\nkind: ${kind}\nmetadata: { name: x }\nspec: {}\n`),
        ['manifest/unknown-kind'],
      );
    });
  }

  it('are too large at some size', () =>
    assert.deepEqual(rules(`a: ${'x'.repeat(17 * 1024 * 1024)}`), ['manifest/too-large']));

  it('say where they are not UTF-8', () => {
    const { findings } = parseManifestFile(
      NAME,
      new TextDecoder().decode(Uint8Array.of(0x61, 0x3a, 0x20, 0xff, 0x0a)),
    );
    assert.deepEqual(
      findings.map(({ rule, range }) => [rule, range.start.character]),
      [['manifest/invalid-utf8', 3]],
    );
  });

  it('are never quoted where a secret may stand', () => {
    const secret = ['hvs', 'CAESIJ9x2kQ7v4wB81mLrTzYc0PqNf3e'].join('.');
    for (const text of [
      `apiVersion: identity-as-code/v1\nkind: ${secret}\nmetadata: { name: x }\nspec: {}\n`,
      `apiVersion: identity-as-code/v1\nkind: Machine\nmetadata: { name: ${secret} }\nspec: { type: ${secret}, ${secret}: x }\n`,
      `apiVersion: ${secret}\nkind: Certificate\nmetadata: { name: x }\nspec: { issuer: ca, duration: ${secret}, dnsNames: ["${secret}!"], endpoints: [${secret}] }\n`,
      `a: [${secret}`,
      `a: "${secret}\n`,
      `a: &${secret} *${secret}\n`,
    ]) {
      const { findings } = parseManifestFile(NAME, text);
      assert.ok(findings.length > 0);
      assert.ok(
        !findings.some(({ message }) => message.includes(secret)),
        findings.map(({ message }) => message).join('\n'),
      );
    }
  });
});

describe('manifests with very many mistakes', () => {
  const head =
    'apiVersion: identity-as-code/v1\nkind: Certificate\nmetadata: { name: web }\nspec:\n  issuer: ca\n';
  const many = (line: (index: number) => string): string =>
    Array.from({ length: 20_000 }, (_, index) => line(index)).join('');
  for (const [name, text] of Object.entries({
    'unknown fields': head + many((index) => `  k${index}: x\n`),
    'duplicate keys': head + many(() => '  duration: 1d\n'),
    'bad names': `${head}  dnsNames:\n${many((index) => `    - a..b${index}\n`)}`,
    'wrong types': `${head}  consumers:\n${many(() => '    - 1\n')}`,
  })) {
    it(`say the first hundred: ${name}`, () => assert.equal(rules(text).length, 100));
  }

  it('are not read when they are very many documents', () => {
    assert.deepEqual(rules('---\n'.repeat(100_000)), ['manifest/too-large']);
  });
});
