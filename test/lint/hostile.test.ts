/** Octets that nobody should have to read: linting them ends, and says so. */
import assert from 'node:assert/strict';
import { concat } from '../../server/src/core/credential/octets.ts';
import { lintCertificate } from '../../server/src/core/lint/lintCertificate.ts';
import { altNames, dn, dnsName, extension, hex, integer, seq, utf8 } from './der.ts';
import { codeSigning, device, mail, root, server, subordinate, workload } from './template.ts';

const PROFILES = ['auto', 'tls-public', 'code-signing', 'email-public', 'device', 'spiffe'] as const;
const MADE = [server(), subordinate(), root(), codeSigning(), mail(), workload(), device()];

function lintAll(der: Uint8Array): number {
  return PROFILES.reduce((count, profile) => count + lintCertificate(der, profile).length, 0);
}

/** The same numbers each time (Numerical Recipes): a failure can be found again. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Milliseconds of this process. */
function taken(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

describe('linting hostile octets', function () {
  this.timeout(120_000);

  it('finds something in a certificate that is cut off anywhere', () => {
    for (const der of MADE) {
      for (let end = 0; end < der.length; end += 1) {
        const found = lintCertificate(der.subarray(0, end), 'auto').map(({ meta }) => meta.id);
        assert.ok(found.includes('lint/unreadable'), `cut off at ${end}`);
      }
    }
  });

  it('ends and does not throw where octets are changed', () => {
    const next = numbers(7);
    for (const der of MADE) {
      for (let round = 0; round < 250; round += 1) {
        const changed = der.slice();
        for (let count = 1 + next(4); count > 0; count -= 1) changed[next(changed.length)] = next(256);
        lintAll(changed);
      }
    }
  });

  it('ends and does not throw where parts are cut out, doubled or put elsewhere', () => {
    const next = numbers(11);
    for (const der of MADE) {
      for (let round = 0; round < 100; round += 1) {
        const [from, length, to] = [next(der.length), 1 + next(64), next(der.length)];
        const part = der.subarray(from, from + length);
        lintAll(concat(der.subarray(0, to), part, der.subarray(to)));
        lintAll(concat(der.subarray(0, from), der.subarray(from + length)));
      }
    }
  });

  it('is not led into the depth', () => {
    let deep = seq();
    for (let level = 0; level < 20_000; level += 1) deep = concat(hex('3080'), deep.subarray(0, 0));
    const nested = concat(...Array.from({ length: 20_000 }, () => hex('3080')));
    const milliseconds = taken(() => {
      lintAll(nested);
      lintAll(server({ extensions: { subjectAltName: extension('subjectAltName', nested) } }));
      lintAll(server({ subject: nested }));
      lintAll(deep);
    });
    assert.ok(milliseconds < 2000, `${milliseconds} ms`);
  });

  it('reads a certificate with very many names, extensions and attributes in time that its length says', () => {
    const host = (number: number) => dnsName(`host-${number}.example.com`);
    const many = (count: number): readonly Uint8Array[] => [
      server({
        extensions: { subjectAltName: altNames(...Array.from({ length: count }, (_, each) => host(each))) },
      }),
      server({
        extensions: Object.fromEntries(
          Array.from({ length: count }, (_, each) => [
            each,
            extension(`1.3.6.1.4.1.32473.${each}`, hex('0500')),
          ]),
        ),
      }),
      server({
        subject: dn(...Array.from({ length: count }, (): readonly [string, Uint8Array] => ['OU', utf8('x')])),
      }),
    ];
    const [few, more] = [many(2000), many(20_000)].map((all) => taken(() => all.forEach(lintAll)));
    assert.ok((more ?? 0) < 40 * Math.max(few ?? 0, 50), `${few} ms for 2,000, ${more} ms for 20,000`);
  });

  it('reads numbers and texts of a megabyte', () => {
    const long = new Uint8Array(1024 * 1024).fill(0x61);
    const milliseconds = taken(() => {
      lintAll(server({ serial: integer(long) }));
      lintAll(server({ subject: dn(['CN', utf8(new TextDecoder().decode(long))]) }));
      lintAll(server({ extensions: { subjectAltName: altNames(dnsName('a.'.repeat(500_000))) } }));
      lintAll(
        server({
          extensions: {
            keyUsage: extension('keyUsage', concat(hex('03830f4240'), hex('00'), long.subarray(0, 999_999))),
          },
        }),
      );
      lintAll(
        server({
          spki: seq(
            seq(hex('06092a864886f70d010101'), hex('0500')),
            concat(hex('0383100000'), long.subarray(0, 0x100000)),
          ),
        }),
      );
    });
    assert.ok(milliseconds < 15_000, `${milliseconds} ms`);
  });
});
