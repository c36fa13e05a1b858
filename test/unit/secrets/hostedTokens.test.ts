import { finds, leavesAlone, octets, random } from './examples.ts';

const HEX = '0123456789abcdef';
const CAPITALS = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const SMALL = 'abcdefghijklmnopqrstuvwxyz0123456789';
/** Joined when tests run, so that no source looks like a token. */
const join = (...parts: readonly string[]): string => parts.join('');

const TOKENS: readonly (() => string)[] = [
  () => join('gloas', '-', random(64)),
  () => join('GR134', '8941', random(20)),
  () => join('dor_v', '1_', octets(32, 'hex')),
  () => join('shps', 's_', octets(16, 'hex')),
  () => join('pscale', '_pw_', random(43)),
  () => join('PMAK', '-', octets(12, 'hex'), '-', octets(17, 'hex')),
  () => join('sntry', 'u_', octets(32, 'hex')),
  () => join('lin_', 'api_', random(40)),
  () => join('sq0c', 'sp-', random(43)),
  () => join('xkey', 'sib-', octets(32, 'hex'), '-', random(16)),
  () => join('NR', 'AK-', random(27, CAPITALS)),
  () => join('dt0', 'c01.', random(24, CAPITALS), '.', random(64, CAPITALS)),
  () => join('HRK', 'U-AA', random(58)),
  () => join('pat', random(14), '.', octets(32, 'hex')),
  () => join('pat', '.', random(22), '.', random(24, HEX), '.', random(20)),
  () => join('sha', '256~', random(43)),
  () => join('AK', 'Cp', random(69)),
  () => join('oy', '2', random(43, SMALL)),
  () => join('key', '-', octets(16, 'hex')),
  () => join('CCI', 'PAT_', random(22), '_', octets(20, 'hex')),
];

describe('tokens of hosted services', () => {
  it('are found by their first letters, with the alphabet and length that belong to them', () => {
    for (const token of TOKENS)
      finds('secret/service-token', [
        ['a.env', token(), (it) => `HOSTED=${it}\n`],
        ['main.go', token(), (it) => `client := open("${it}")\n`],
        ['a.yaml', token(), (it) => `run: curl -H 'X-Auth: ${it}' https://api.example.net\n`],
      ]);
  });

  it('are none where a word goes on, where signs are missing and where something else stands for them', () => {
    for (const token of TOKENS) {
      const made = token();
      leavesAlone([
        ['a.conf', `hosted ${made.slice(0, -14)}\n`],
        ['a.conf', `hosted ${made.replace(/[A-Za-z0-9]{12}$/, 'xxxxxxxxxxxx')}\n`],
        ['a.conf', `hosted a${made}\n`],
      ]);
    }
  });
});
