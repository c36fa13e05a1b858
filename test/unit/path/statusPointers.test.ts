import assert from 'node:assert/strict';
import { notPublic } from '../../../server/src/backends/transport/publicAddress.ts';
import { statusPointers } from '../../../server/src/core/path/revocation/statusPointers.ts';

describe('places that a certificate names', () => {
  it('are taken where they are HTTP, and counted where they are not', () => {
    const uri = (text: string) => Buffer.concat([Buffer.from([0x86, text.length]), Buffer.from(text)]);
    const wrap = (tag: number, ...parts: readonly Uint8Array[]) => {
      const body = Buffer.concat(parts);
      const length = body.length < 0x80 ? [body.length] : [0x81, body.length];
      return Buffer.concat([Buffer.from([tag, ...length]), body]);
    };
    const point = (text: string) => wrap(0x30, wrap(0xa0, wrap(0xa0, uri(text))));
    const of = (...points: readonly Uint8Array[]) =>
      statusPointers([{ oid: '2.5.29.31', critical: false, value: wrap(0x30, ...points) }]);
    const { lists, others } = of(
      point('http://a.example.test/1'),
      point('ldap://b.example.test/2'),
      point('file:///etc/passwd'),
      point('http://a.example.test/1'),
      point('HTTPS://c.example.test/3'),
      point('http://d.example.test/\u0001 x'),
    );
    assert.deepEqual([lists, others], [['http://a.example.test/1', 'HTTPS://c.example.test/3'], 3]);
    const many = Array.from({ length: 500 }, (_, place) => point(`http://e.example.test/${place}`));
    const value = Buffer.concat([Buffer.from([0x30, 0x82, 0, 0]), ...many]);
    value.writeUInt16BE(value.length - 4, 2);
    assert.equal(statusPointers([{ oid: '2.5.29.31', critical: false, value }]).lists.length, 8);
  });

  it('name none where they cannot be read', () => {
    for (const value of [Buffer.alloc(0), Buffer.from('30ff', 'hex'), Buffer.from('3002a000', 'hex')])
      for (const oid of ['2.5.29.31', '2.5.29.46', '1.3.6.1.5.5.7.1.1'])
        assert.deepEqual(statusPointers([{ oid, critical: true, value }]).lists, []);
  });

  it('are of the public network, or are not asked', () => {
    for (const address of [
      '1.1.1.1',
      '100.63.0.1',
      '172.32.0.1',
      '2606:4700::1111',
      '64:ff9b::1.1.1.1',
      '64:ff9b::101:101',
    ])
      assert.equal(notPublic(address), undefined, address);
    for (const address of [
      ...[
        '0.0.0.0',
        '127.0.0.1',
        '10.1.2.3',
        '172.16.0.1',
        '192.168.0.1',
        '169.254.169.254',
        '100.100.100.200',
      ],
      ...[
        '224.0.0.1',
        '255.255.255.255',
        '::',
        '::1',
        'fe80::1',
        'fd00:ec2::254',
        'ff02::1',
        '::ffff:8.8.8.8',
      ],
      ...[
        '2001:db8::1',
        '2002:7f00:1::',
        '64:ff9b::127.0.0.1',
        '64:ff9b::a9fe:a9fe',
        '64:ff9b:1::1',
        '::7f00:1',
      ],
    ])
      assert.match(notPublic(address) ?? '', /of this machine or of a network of its own/, address);
  });
});
