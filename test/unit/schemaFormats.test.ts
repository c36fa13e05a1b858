import assert from 'node:assert/strict';
import { isIP, isIPv4, isIPv6 } from 'node:net';
import { domainToASCII } from 'node:url';
import fc from 'fast-check';
import { checkFormat } from '../../server/src/core/schema/formats/formats.ts';
import { toALabel, uLabelProblem } from '../../server/src/core/schema/formats/idna.ts';
import { isIpv4, isIpv6, toDnsLabel } from '../../server/src/core/schema/names.ts';
import { formatDuration, parseDuration } from '../../server/src/core/text/duration.ts';
import { nearest } from '../../server/src/core/text/nearest.ts';
import { decodePunycode, encodePunycode } from '../../server/src/core/text/punycode.ts';
import { quotable } from '../../server/src/core/text/quote.ts';
import { projectPathProblem } from '../../server/src/core/text/relativePath.ts';

const GOOD: Readonly<Record<string, readonly string[]>> = {
  'dns-label': ['a', 'web-1', '1', 'a'.repeat(63), 'console', 'com10'],
  'dns-name': [
    'a.example.com',
    '*.example.com',
    'xn--bcher-kva.example',
    'localhost',
    `${'a'.repeat(63)}.com`,
    'XN--BCHER-KVA.example',
    'xn--4gbwdl.xn--wgbh1c',
    '*.xn--bcher-kva.example',
    'r3---sn-abc.example',
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
  cidr: [
    '192.0.2.0/24',
    '0.0.0.0/0',
    '192.0.2.1/32',
    '2001:db8::/32',
    '::/0',
    '::1/128',
    '::ffff:192.0.2.0/120',
  ],
  identity: ['Certificate/payments/api', 'SshKey/web'],
  'rule-id': ['certificate/expired', 'key/readable-by-others'],
  'spiffe-id': ['spiffe://example.com/a', 'spiffe://a_b-c.1/x/Y/z.1-2_3'],
  'trust-domain': ['example.com', 'a_b', '127.0.0.1'],
  selector: ['unix:uid:1001', 'k8s:ns:payments', 'docker:label:a:b c'],
  'ssh-principal': [
    'deploy',
    '{machine}.example.com',
    '{machine}',
    'host_1',
    'DOMAIN\\user',
    '*.example.com',
    'ürün',
  ],
  'token-audience': ['ledger', 'https://ledger.example.com', 'urn:example:a', 'two words'],
  'scope-token': ['ledger:read', 'a.b/c', '!#[]~'],
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
    'xn--x.example',
    'xn--abc-.example',
    'xn--99999999999.example',
    '1.2.3.256',
    '☕.example',
    'a@example.com',
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
  cidr: [
    '',
    '192.0.2.0',
    '192.0.2.1/24',
    '192.0.2.0/33',
    '192.0.2.0/',
    '192.0.2.0/024',
    '2001:db8::1/32',
    '::/129',
    'a/8',
  ],
  identity: ['', 'Certificate', 'api', 'Certificate/a/b/c', 'Machine/a', 'certificate/a', 'Certificate/A'],
  'rule-id': ['', 'expired', 'Certificate/expired', 'a/b/c'],
  'spiffe-id': [
    '',
    'spiffe://example.com',
    'example.com/a',
    'spiffe:///a',
    'spiffe://Example.com/a',
    'https://a/b',
    'spiffe://a/b%20',
  ],
  'trust-domain': [
    '',
    'spiffe://example.com',
    'Example.com',
    'example.com:443',
    'a b',
    'a/b',
    `${'a'.repeat(256)}`,
  ],
  selector: ['', 'unix', ':a', 'unix:', 'un ix:1', 'unix: uid', 'uid=1001'],
  'ssh-principal': ['', 'a,b', 'a b', 'a\n', '{host}', '{machine', 'a\0'],
  'token-audience': ['', ' a', 'a\n', '://x', 'https://a b'],
  'scope-token': ['', 'a b', 'a"b', 'a\\b', 'ä'],
  version: ['1', '1.0', 'v1.0.0', '01.0.0'],
};

/** What is said after the colon, and what is offered. */
const REASONS: readonly (readonly [format: string, text: string, message: string, instead?: string])[] = [
  [
    'dns-name',
    'bücher.example',
    'international names stand in their A-label form; write xn--bcher-kva.example',
    'xn--bcher-kva.example',
  ],
  [
    'dns-name',
    '*.Straße。example',
    'international names stand in their A-label form; write *.xn--strae-oqa.example',
    '*.xn--strae-oqa.example',
  ],
  ['dns-name', 'i❤.example', 'U+2764 has no place in a host name (RFC 5892)'],
  ['dns-name', '\u0300a.example', 'a label starts with a combining mark'],
  ['dns-name', 'xn--x.example', 'a label begins with xn-- and is no Punycode'],
  ['dns-name', 'xn--abc-.example', 'a label starts or ends with a hyphen'],
  ['dns-name', 'https://a.example/x', 'it is a URL; write a.example', 'a.example'],
  ['dns-name', 'a.example:443', 'it has the port 443; write a.example', 'a.example'],
  ['dns-name', 'a.example.', 'it ends with a dot; write a.example', 'a.example'],
  ['dns-name', 'a.10', 'its last label is a number, so it is taken for an IP address'],
  ['dns-name', 'a$b.example', 'a label has letters, digits and hyphens only, no "$"'],
  ['ip-address', '192.0.2', 'IPv4 has four numbers, not 3'],
  ['ip-address', '192.0.2.256', 'a number is above 255'],
  ['ip-address', '192.0.02.1', 'a number begins with 0, which some read as octal', '192.0.2.1'],
  ['ip-address', '2001:db8::1::2', '"::" may stand once'],
  ['ip-address', '2001:db8:1', 'IPv6 has eight groups, not 3; "::" stands for zeros'],
  ['ip-address', '2001:db8::10000', 'a group has more than four digits'],
  ['ip-address', '[::1]', 'it stands in brackets', '::1'],
  ['ip-address', '10.0.0.0/8', 'it is a network; name single addresses'],
  ['cidr', '192.0.2.7/24', 'bits are set beyond the prefix; the network is 192.0.2.0/24', '192.0.2.0/24'],
  ['cidr', '2001:db8::1/33', 'bits are set beyond the prefix; the network is 2001:db8::/33', '2001:db8::/33'],
  ['cidr', '192.0.2.7', 'a single address is written with its prefix, 192.0.2.7/32', '192.0.2.7/32'],
  ['cidr', '192.0.2.0/33', 'the prefix is a number from 0 to 32'],
  ['uri', 'https://a b', 'a space is written as %20 in a URI'],
  ['uri', 'https://ä.example', 'a character is written as %C3%A4 in a URI'],
  ['uri', 'https://', 'it has no host'],
  ['uri', 'https://::1/', 'an IPv6 address stands in brackets'],
  ['uri', 'https://a:99999/', 'a port is a number up to 65535'],
  ['uri', 'ht_tp://a', 'a scheme has letters, digits, "+", "-" and "." only, and begins with a letter'],
  ['duration', '47', 'its unit is missing; write 47d, 12h, 30m or 1d12h'],
  ['duration', 'P47D', 'it is in the form of ISO 8601; write 47d', '47d'],
  ['duration', '1.5d', 'its numbers are whole; write 1d12h', '1d12h'],
  ['duration', '12h1d', 'the largest unit stands first; write 1d12h', '1d12h'],
  ['duration', '47 days', 'it has a space; write 47d', '47d'],
  ['duration', '3mo', 'a month has no fixed length; write 47d, 12h, 30m or 1d12h'],
  ['duration', '5q', '"q" is no unit; units are y, w, d, h, m and s; write 47d, 12h, 30m or 1d12h'],
  ['duration', '0d', 'it is no time at all; write 47d, 12h, 30m or 1d12h'],
  [
    'duration-or-share',
    '150%',
    'a share is a whole number from 1% to 99%; write a duration such as 15d, or a share such as 33%',
  ],
  ['spiffe-id', 'spiffe://Example.com/a', 'its trust domain has capital letters', 'spiffe://example.com/a'],
  ['spiffe-id', 'spiffe://a.example:81/a', 'its trust domain has a port (:)', 'spiffe://a.example/a'],
  ['spiffe-id', 'spiffe://a.example/a/', 'its path ends with a slash', 'spiffe://a.example/a'],
  ['spiffe-id', 'spiffe://a.example', 'without a path it is the trust domain itself'],
  ['trust-domain', 'spiffe://a.example', 'it is written without spiffe://', 'a.example'],
  ['selector', 'uid=1001', 'write type:value with a colon between, such as unix:uid:1001', 'uid:1001'],
  ['ssh-principal', 'a,b', 'it has a comma; write several as items of the list'],
  ['scope-token', 'a b', 'it has a space; write several as items of the list'],
  ['token-audience', '//a:1', 'with a colon it is a URI, and that begins with a scheme such as https:'],
  ['identity', 'Certficate/payments/api', 'did you mean Certificate?', 'Certificate/payments/api'],
  ['identity', 'Machine/web', 'kinds are Certificate, Key, SshKey, SshCertificate, Token or Workload'],
];

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

  for (const [format, text, message, instead] of REASONS) {
    it(`${format}: says why ${JSON.stringify(text)} is wrong`, () => {
      const problem = checkFormat(format, text);
      assert.equal(problem?.message.replace(/^("[^"]*"|this) [^:]+: /, ''), message);
      assert.equal(problem?.instead, instead);
    });
  }

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

describe('international host names', () => {
  /** From the registries' own rules (RFC 5892, appendix A) and the examples of RFC 3492, 7.1. */
  const GOOD_LABELS = [
    '실례',
    'ß\u03c2\u0f0b\u3007',
    '\u06fd\u06fe',
    'l\u00b7l',
    'α\u0375β',
    'א\u05f3ב',
    '\u30fbぁ',
    'ب\u0660ب',
    'क\u094d\u200dष',
    'क\u094d\u200cष',
    'بي\u200cبي',
    '他们为什么不说中文',
    'pročprostěnemluvíčesky',
  ];
  const BAD_LABELS = [
    '실\u302e례',
    '\u0903hello',
    'ا\u0640',
    'a\u00b7l',
    'l\u00b7',
    'α\u0375s',
    'a\u05f3ב',
    'def\u30fbabc',
    'ب\u0660\u06f0',
    'क\u200dष',
    'Ä',
    'a\u0308',
    '☕',
    'ﬁn',
    'ab--ü',
    '-ü',
  ];

  it('have labels that the registries would take', () => {
    for (const label of GOOD_LABELS) assert.equal(uLabelProblem(label), undefined, label);
    for (const label of BAD_LABELS) assert.notEqual(uLabelProblem(label), undefined, label);
  });

  it('become the A-labels that Node makes of them', () => {
    for (const label of GOOD_LABELS.filter((each) => !each.includes('\u0375')))
      assert.equal(toALabel(label), domainToASCII(label), label);
    const letters = fc.stringMatching(/^[a-zäöüßéñçøåłžαβγδабвгд中文字ひらがな한국어0-9]{1,15}$/u);
    fc.assert(
      fc.property(letters, (label) => {
        if (/\P{ASCII}/u.test(label)) assert.equal(toALabel(label), domainToASCII(label));
      }),
    );
  });

  it('are decoded as they were encoded', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 20 }), (any) => {
        const text = any.replace(/[\0-\x7f]/g, 'a');
        const encoded = encodePunycode(text);
        if (encoded !== undefined) assert.equal(decodePunycode(encoded), text);
      }),
    );
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9-]{0,70}$/), (text) => {
        decodePunycode(text);
      }),
      { numRuns: 2000 },
    );
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
