import assert from 'node:assert/strict';
import { isIP, isIPv4, isIPv6 } from 'node:net';
import fc from 'fast-check';
import { checkFormat } from '../../server/src/core/schema/formats.ts';
import { isIpv4, isIpv6, toDnsLabel } from '../../server/src/core/schema/names.ts';
import { formatDuration, parseDuration } from '../../server/src/core/text/duration.ts';
import { nearest } from '../../server/src/core/text/nearest.ts';
import { quotable } from '../../server/src/core/text/quote.ts';
import { projectPathProblem } from '../../server/src/core/text/relativePath.ts';

const GOOD: Readonly<Record<string, readonly string[]>> = {
  'dns-label': ['a', 'web-1', '1', 'a'.repeat(63), 'console', 'com10'],
  'dns-name': [
    'a.example.com',
    '*.example.com',
    'xn--bcher-kva.example',
    'localhost',
    '_acme.example.com',
    `${'a'.repeat(63)}.com`,
  ],
  'ip-address': ['192.0.2.1', '::', '::1', '2001:db8::1', '::ffff:192.0.2.1', '1:2:3:4:5:6:7:8'],
  uri: ['spiffe://example.com/a/b', 'https://example.com', 'urn:uuid:1', 'spiffe://example.com'],
  email: ['a@example.com', 'a.b+c@example.com'],
  duration: ['47d', '12h', '1d12h', '1y', '90s', '1w2d'],
  'duration-or-share': ['33%', '15d', '1%', '99%'],
  endpoint: ['a.example.com:443', '192.0.2.1:8443', '[2001:db8::1]:443', 'localhost:1'],
  host: ['a.example.com', '192.0.2.1', '::1'],
  reference: ['a', 'a/b'],
  'file-mode': ['0600', '644'],
  version: ['0.1.0', '12.0.3'],
};
const BAD: Readonly<Record<string, readonly string[]>> = {
  'dns-label': ['', 'A', 'a_b', '-a', 'a-', 'a'.repeat(64), 'con', 'lpt1', 'a.b', 'a\n'],
  'dns-name': [
    '',
    '*',
    '*.com',
    'a..b',
    '-a.com',
    'a b',
    'a.*.com',
    '**.a.com',
    'bücher.example',
    '192.0.2.1',
    'a.com.',
    'http://a.com',
    'a.com:443',
    `${'a'.repeat(64)}.com`,
    `${'a.'.repeat(130)}com`,
  ],
  'ip-address': [
    '',
    '1.2.3',
    '1.2.3.256',
    '01.2.3.4',
    '10.0.0.0/8',
    ':::',
    '1::2::3',
    '2001:db8::1%eth0',
    '[::1]',
    '1:2:3:4:5:6:7:8:9',
  ],
  uri: [
    '',
    'example.com',
    'a b:c',
    'https:',
    'spiffe://Example.com',
    'spiffe://a:80/x',
    'spiffe://a//b',
    'spiffe://a/../b',
    'spiffe://a/b/',
    'spiffe://a/b?c',
    'SPIFFE://a/b',
    'http://a/%zz',
  ],
  email: ['', 'a', 'a@', '@a.com', 'a@b@c.com', 'a..b@c.com', 'ä@example.com'],
  duration: ['', '0d', '47', '47 d', '-1d', '1h1d', '1d1d', '1.5d', '99999999999y', 'P47D'],
  'duration-or-share': ['0%', '100%', '33', '%'],
  endpoint: ['a.example.com', 'a:0', 'a:65536', ':443', '::1:443', 'https://a:443'],
  host: ['*.example.com', ''],
  reference: ['a/b/c', '/a', 'A/b', ''],
  'file-mode': ['0888', 'rw', '1777'],
  version: ['1', '1.0', 'v1.0.0', '01.0.0'],
};

describe('formats of values', () => {
  for (const [format, texts] of Object.entries(GOOD)) {
    it(`${format}: takes`, () => {
      for (const text of texts) assert.equal(checkFormat(format, text), undefined, text);
    });
  }
  for (const [format, texts] of Object.entries(BAD)) {
    it(`${format}: refuses, and offers only what it takes`, () => {
      for (const text of texts) {
        const problem = checkFormat(format, text);
        assert.ok(problem !== undefined, JSON.stringify(text));
        if (problem.instead !== undefined)
          assert.equal(checkFormat(format, problem.instead), undefined, problem.instead);
      }
    });
  }

  it('agree with Node on IP addresses', () => {
    const group = fc.constantFrom('', '0', 'f', 'db8', 'ffff', '12345', 'g', '1.2.3.4', '256', ':');
    fc.assert(
      fc.property(
        fc.array(group, { maxLength: 10 }),
        fc.constantFrom(':', '.', '::'),
        (groups, separator) => {
          const text = groups.join(separator);
          assert.equal(isIpv4(text), isIPv4(text), text);
          assert.equal(isIpv6(text), isIPv6(text), text);
        },
      ),
      { numRuns: 5000 },
    );
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) =>
        assert.equal(isIpv4(text) || isIpv6(text), isIP(text) !== 0),
      ),
    );
  });

  it('end soon on long hostile text', () => {
    for (const format of Object.keys(GOOD)) {
      for (const text of [
        'a.'.repeat(100_000),
        '-'.repeat(200_000),
        `${'1d'.repeat(100_000)}`,
        'a@'.repeat(100_000),
        '.'.repeat(200_000),
        ':'.repeat(200_000),
      ]) {
        assert.ok(checkFormat(format, text) !== undefined);
      }
    }
  });
});

describe('durations', () => {
  it('are read as they are written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3_000_000_000 }), (seconds) =>
        assert.equal(parseDuration(formatDuration(seconds)), seconds),
      ),
    );
    assert.equal(parseDuration('1y'), 365 * 86_400);
    assert.equal(formatDuration(129_600), '1d12h');
  });
});

describe('names', () => {
  it('become labels that are valid', () => {
    assert.equal(toDnsLabel('PaymentsAPI_v2'), 'payments-api-v2');
    assert.equal(toDnsLabel('con'), undefined);
    fc.assert(
      fc.property(fc.string({ maxLength: 90 }), (text) => {
        const label = toDnsLabel(text);
        if (label !== undefined) assert.equal(checkFormat('dns-label', label), undefined);
      }),
    );
  });

  it('are compared by spelling', () => {
    assert.deepEqual(nearest('dnsName', ['dnsNames', 'duration', 'uris']), ['dnsNames']);
    assert.deepEqual(nearest('issure', ['issuer', 'issuers', 'usages']).slice(0, 1), ['issuer']);
    assert.deepEqual(nearest('serverAuht', ['server auth', 'serverAuth']), ['serverAuth', 'server auth']);
    assert.deepEqual(nearest('xyz', ['issuer']), []);
    assert.deepEqual(nearest('x'.repeat(10_000), ['x']), []);
  });

  it('are shown, and what may be a secret is not', () => {
    assert.equal(quotable('payments-api'), '"payments-api"');
    assert.equal(quotable('spiffe://example.com/x'), '"spiffe://example.com/x"');
    for (const text of ['a'.repeat(50), ['AKIA', 'IOSFODNN7EXAMPLE'].join(''), 'a"b', '', 'a\nb'])
      assert.equal(quotable(text), undefined, text);
  });
});

describe('paths of a project', () => {
  it('stay inside', () => {
    for (const path of ['a', 'a/b.pem', 'a..b/c', '.hidden/x', 'ünï/c'])
      assert.equal(projectPathProblem(path), undefined, path);
    for (const path of [
      '/a',
      '\\a',
      '//a/b',
      '\\\\a\\b',
      '../a',
      'a/../b',
      'a/..',
      'C:a',
      'c:/a',
      '~/a',
      '~',
      'nul',
      'a/COM1.txt',
      'a/aux.',
      'a:b',
      'a/b ',
      'a./b',
      'a\0b',
    ]) {
      assert.notEqual(projectPathProblem(path), undefined, path);
    }
  });
});
