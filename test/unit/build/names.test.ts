import assert from 'node:assert/strict';
import { AsnConvert } from '@peculiar/asn1-schema';
import fc from 'fast-check';
import { parseDistinguishedName } from '../../../server/src/core/credential/build/distinguishedName.ts';
import { parseIpAddress } from '../../../server/src/core/credential/build/ipAddress.ts';
import {
  generalNamesOf,
  problemsOfNames,
  UnbuildableNames,
} from '../../../server/src/core/credential/build/names.ts';
import type { SubjectNames } from '../../../server/src/core/credential/subjectNames.ts';
import { strictDerProblem } from './strictDer.ts';

const NONE: SubjectNames = { dnsNames: [], ipAddresses: [], uris: [], emailAddresses: [] };
const problem = (names: Partial<SubjectNames>): string =>
  problemsOfNames({ ...NONE, ...names })
    .map(({ why }) => why)
    .join('; ');

/** The parts of a parsed name, most general first: `type=value`, `+` within one part. */
function partsOf(text: string): readonly string[] | string {
  const parsed = parseDistinguishedName(text);
  if (!parsed.ok) return parsed.why;
  return [...parsed.name].map((part) =>
    [...part].map(({ type, value }) => `${type}=${value.toString()}`).join('+'),
  );
}

describe('distinguished names (RFC 4514)', () => {
  it('come in DER the other way round', () => {
    assert.deepEqual(partsOf('CN=api,OU=Pay,O=Example,C=DE'), [
      '2.5.4.6=DE',
      '2.5.4.10=Example',
      '2.5.4.11=Pay',
      '2.5.4.3=api',
    ]);
  });

  it('take the examples of RFC 4514, 4', () => {
    assert.deepEqual(partsOf('UID=jsmith,DC=example,DC=net'), [
      '0.9.2342.19200300.100.1.25=net',
      '0.9.2342.19200300.100.1.25=example',
      '0.9.2342.19200300.100.1.1=jsmith',
    ]);
    assert.deepEqual(partsOf('OU=Sales+CN=J.  Smith,DC=example'), [
      '0.9.2342.19200300.100.1.25=example',
      '2.5.4.11=Sales+2.5.4.3=J.  Smith',
    ]);
    assert.deepEqual(partsOf('CN=James \\"Jim\\" Smith\\, III'), ['2.5.4.3=James "Jim" Smith, III']);
    assert.deepEqual(partsOf('CN=Lu\\C4\\8Di\\C4\\87'), ['2.5.4.3=Lučić']);
  });

  it('have the attributes of one part in the order of DER (X.690, 11.6)', () => {
    assert.deepEqual(partsOf('OU=b+CN=a,O=x'), ['2.5.4.10=x', '2.5.4.3=a+2.5.4.11=b']);
  });

  it('take #hex as it stands (RFC 4514, 2.4), and types as OID', () => {
    assert.deepEqual(partsOf('CN=#0C024869+OU=#13024869,2.5.4.10=\\#1'), [
      '2.5.4.10=#1',
      '2.5.4.3=Hi+2.5.4.11=Hi',
    ]);
    const parsed = parseDistinguishedName('CN=#13024869 , OU=x');
    assert.ok(parsed.ok);
    const der = Buffer.from(AsnConvert.serialize(parsed.name)).toString('hex');
    assert.ok(der.includes('060355040313024869'), 'a PrintableString stays one');
  });

  it('take quotes (RFC 2253, 4)', () => {
    assert.deepEqual(partsOf('CN=" a, b+c;\\"d\\" #=<>" ;O="Example"'), [
      '2.5.4.10=Example',
      '2.5.4.3= a, b+c;"d" #=<>',
    ]);
  });

  it('keep escaped spaces at the ends and drop others', () => {
    assert.deepEqual(partsOf('CN=\\ api\\  , O=Example '), ['2.5.4.10=Example', '2.5.4.3= api ']);
  });

  for (const [text, why] of [
    ['api', /has no "="/],
    ['CN=', /is empty/],
    ['CN=a,', /ends with ","/],
    ['CN=a; ', /ends with ";"/],
    ['CN=a+', /ends with "\+"/],
    ['CN=a,,O=b', /",O" is no attribute/],
    ['XX=a', /"XX" is no attribute/],
    ['constructor=a', /"constructor" is no attribute/],
    ['1.2.3.4=a', /"1.2.3.4" is no attribute/],
    ['well, CN=a', /"well, CN" is no attribute/],
    ['CN="a', /quote is not closed/],
    ['CN="a"b', /after a closing quote stands "b"/],
    ['CN=""', /is empty/],
    ['CN=#', /pairs of hex/],
    ['CN=#0c014', /pairs of hex/],
    ['CN=#0c0141z', /pairs of hex/],
    ['CN=#0401', /no UTF8String or PrintableString in DER/],
    ['CN=#0c81016f', /in DER/],
    ['CN=#0c0141ff', /in DER/],
    ['CN=#0c01ff', /in DER/],
    ['CN=#0c0100', /control character/],
    ['CN=#130140', /letters, digits/],
    ['C=#0c024445', /no PrintableString in DER/],
    ['C=#13026465', /two capital letters/],
    ['CN=a\\z', /no escape/],
    ['CN=a\\FF', /no UTF-8/],
    ['CN=a\\', /no escape/],
    ['C=Germany', /longer than 2/],
    ['C=de', /two capital letters/],
    [`CN=${'a'.repeat(65)}`, /longer than 64/],
    ['CN=a\\00b', /control character/],
    ['emailAddress=ü@example.com', /ASCII/],
    [`CN=${'a'.repeat(5000)}`, /longer than 4096/],
  ] as const)
    it(`refuse ${text.slice(0, 24)}`, () => assert.match(String(partsOf(text)), why));

  it('never throw, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => void parseDistinguishedName(text)),
    );
    const piece = fc.constantFrom(
      ...[
        'CN=',
        'O=',
        'C=',
        '2.5.4.11=',
        '#',
        '"',
        '\\',
        ',',
        '+',
        ';',
        ' ',
        'a',
        'Ä',
        '\\C4',
        '\\,',
        '0c0141',
        '1302',
        '\u0000',
      ],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const parsed = parseDistinguishedName(pieces.join(''));
        if (parsed.ok)
          assert.equal(strictDerProblem(new Uint8Array(AsnConvert.serialize(parsed.name))), undefined);
      }),
      { numRuns: 2000 },
    );
    const plain = fc
      .stringMatching(/^[A-Za-z0-9 ,+"\\<>;=#äß-]{1,30}$/)
      .filter((text) => text.trim() === text);
    fc.assert(
      fc.property(plain, (value) => {
        const escaped = value.replace(/[,+"\\<>;=#]/g, (character) => `\\${character}`);
        assert.deepEqual(partsOf(`CN=${escaped},O=x`), ['2.5.4.10=x', `2.5.4.3=${value}`]);
      }),
    );
  });
});

describe('IP addresses', () => {
  const hex = (text: string): string | undefined => {
    const octets = parseIpAddress(text);
    return octets && Buffer.from(octets).toString('hex');
  };

  it('become 4 or 16 octets', () => {
    assert.equal(hex('192.0.2.255'), 'c00002ff');
    assert.equal(hex('::'), '0'.repeat(32));
    assert.equal(hex('2001:db8::1'), '20010db8000000000000000000000001');
    assert.equal(hex('::ffff:192.0.2.1'), '00000000000000000000ffffc0000201');
    assert.equal(hex('1:2:3:4:5:6:7::'), '00010002000300040005000600070000');
  });

  for (const text of [
    '',
    '1.2.3',
    '1.2.3.256',
    '01.2.3.4',
    '1.2.3.4/24',
    ':::',
    '1::2::3',
    '1:2:3:4:5:6:7:8:9',
    'fe80::1%eth0',
    '12345::',
    '1:2:3:4:5:6:7',
  ])
    it(`refuse ${JSON.stringify(text)}`, () => assert.equal(parseIpAddress(text), undefined));
});

describe('names of a certificate', () => {
  it('are taken as hosts write them', () => {
    assert.equal(
      problem({
        dnsNames: ['localhost', 'a.example.com', '*.example.com', 'xn--bcher-kva.example', '1a.example'],
        ipAddresses: ['10.0.0.1', '::1'],
        uris: ['spiffe://example.com/a', 'urn:uuid:1'],
        emailAddresses: ['a.b+c@example.com'],
      }),
      '',
    );
  });

  for (const [field, value, why] of [
    ['dnsNames', '', /empty/],
    ['dnsNames', '10.0.0.1', /belongs in ipAddresses/],
    ['dnsNames', 'bücher.example', /A-label/],
    ['dnsNames', '*.com', /top-level/],
    ['dnsNames', 'a.*.com', /wildcard/],
    ['dnsNames', 'a_b.example.com', /no host name label/],
    ['dnsNames', 'example.com.', /empty label/],
    ['dnsNames', '-a.example.com', /no host name label/],
    ['dnsNames', `${'a'.repeat(64)}.com`, /at most 63/],
    ['dnsNames', 'a b', /no host name label/],
    ['ipAddresses', 'localhost', /no IPv4 or IPv6/],
    ['uris', '/relative', /no absolute URI/],
    ['uris', 'https://exämple.com/', /percent-encode/],
    ['emailAddresses', 'nobody', /no mail address/],
    ['emailAddresses', 'a@b@c', /no mail address/],
    ['emailAddresses', 'a@-b', /no DNS name/],
  ] as const)
    it(`refuse ${field}: ${value.slice(0, 24)}`, () => assert.match(problem({ [field]: [value] }), why));

  it('stand once, each in its own form', () => {
    const names = {
      ...NONE,
      dnsNames: ['a.example.com', 'a.example.com'],
      ipAddresses: ['::1', '0:0:0:0:0:0:0:1'],
    };
    assert.equal(generalNamesOf(names).length, 2);
    assert.throws(() => generalNamesOf({ ...NONE, dnsNames: ['no name'] }), UnbuildableNames);
    const many = Array.from({ length: 501 }, (_, n) => `h${n}.example.com`);
    assert.match(problem({ dnsNames: many }), /more than the 500/);
  });
});
