import assert from 'node:assert/strict';
import {
  problemOfPrincipals,
  problemOfSourceAddress,
  SSH_CRITICAL_OPTIONS,
  SSH_EXTENSIONS,
} from '../../../server/src/core/credential/ssh/constraints.ts';
import { hasProgram, needs } from '../../support/needs.ts';
import { type Judge, judge } from './material.ts';

describe('what SSH certificates may say', function () {
  this.timeout(120_000);
  let folder: Judge;
  before(function () {
    needs(this, 'ssh-keygen', hasProgram('ssh-keygen', '-?'));
    folder = judge();
    folder.keygen('-q', '-t', 'ed25519', '-N', '', '-f', 'ca');
    folder.keygen('-q', '-t', 'ed25519', '-N', '', '-f', 'key');
  });
  after(() => folder?.remove());

  const accepts = (...options: readonly string[]): boolean =>
    folder.ask(
      '-q',
      '-s',
      'ca',
      '-I',
      'x',
      '-n',
      'a',
      ...options.flatMap((option) => ['-O', option]),
      'key.pub',
    ).status === 0;

  const NETWORKS: readonly (readonly [list: string, fine: boolean])[] = [
    ['192.0.2.7', true],
    ['192.0.2.7/32', true],
    ['10.0.0.0/8,192.0.2.0/24', true],
    ['0.0.0.0/0', true],
    ['2001:db8::/32', true],
    ['2001:db8::1', true],
    ['::/0', true],
    ['2001:db8::ff00/120', true],
    ['10.0.0.1/8', false],
    ['10.128.0.0/8', false],
    ['2001:db8::1/64', false],
    ['10.0.0.0/33', false],
    ['2001:db8::/129', false],
    ['10.0.0.0/-1', false],
    ['10.0.0.0/8/8', false],
    ['10.0.0.0/', false],
    ['example.com', false],
    ['*', false],
  ];
  for (const [list, fine] of NETWORKS)
    it(`${fine ? 'takes' : 'refuses'} the source address ${list}, as ssh-keygen does`, () => {
      assert.equal(accepts(`source-address=${list}`), fine);
      assert.equal(problemOfSourceAddress(list) === undefined, fine, problemOfSourceAddress(list));
    });

  it('refuses what ssh-keygen would let pass and sshd would not take', () => {
    for (const list of ['', '10.0.0.0/8,', '10.0.0.0/8, 192.0.2.7', '10.0.0.0/08'])
      assert.ok(problemOfSourceAddress(list), list);
  });

  it('knows the options and extensions that ssh-keygen knows', () => {
    for (const name of SSH_EXTENSIONS) assert.ok(accepts('clear', name), name);
    const values: Readonly<Record<string, string>> = {
      'force-command': '=uptime',
      'source-address': '=192.0.2.7',
    };
    for (const name of SSH_CRITICAL_OPTIONS) assert.ok(accepts(`${name}${values[name] ?? ''}`), name);
  });

  it('wants names, and no more than OpenSSH reads', () => {
    const many = Array.from({ length: 257 }, (_, n) => `user-${n}`);
    assert.equal(problemOfPrincipals(['alice', 'müller', 'DOMAIN\\bob'], 'user'), undefined);
    assert.equal(problemOfPrincipals(['web.example.com', '*.example.com', '2001:db8::1'], 'host'), undefined);
    assert.equal(problemOfPrincipals(many.slice(1), 'user'), undefined);
    for (const [principals, type] of [
      [[], 'user'],
      [[], 'host'],
      [[''], 'user'],
      [many, 'user'],
      [['a b'], 'user'],
      [['a,b'], 'user'],
      [['a\u0000'], 'user'],
      [['web*'], 'user'],
      [['*'], 'host'],
      [['*.*'], 'host'],
      [['a'.repeat(256)], 'user'],
      [['a', 'a'], 'user'],
    ] as const)
      assert.ok(problemOfPrincipals(principals, type), `${principals} ${type}`);
  });
});
