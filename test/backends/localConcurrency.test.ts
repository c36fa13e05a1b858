import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { AsnConvert } from '@peculiar/asn1-schema';
import { CertificateList, CRLNumber, id_ce_cRLNumber } from '@peculiar/asn1-x509';
import { backendType } from '../../server/src/backends/local/backend.ts';
import { Secret } from '../../server/src/core/secret.ts';
import { nodeRandom } from '../../server/src/platform/crypto/randomSource.ts';
import { present } from './contract/expectations.ts';
import { identity, newRequest, SIGNAL } from './contract/requests.ts';
import { contextAt, makeDisk } from './localContext.ts';
import { makeBench } from './localTools.ts';

const CHILD = fileURLToPath(new URL('./localConcurrencyChild.ts', import.meta.url));
const WORKERS = 3;
const EACH = 6;

interface Told {
  readonly issued: readonly string[];
  readonly revoked: readonly string[];
  readonly lists: readonly string[];
  readonly root: string;
}

function readList(base64: string): { readonly number: number; readonly serials: readonly string[] } {
  const { tbsCertList } = AsnConvert.parse(Buffer.from(base64, 'base64'), CertificateList);
  const extension = tbsCertList.crlExtensions?.find(({ extnID }) => extnID === id_ce_cRLNumber);
  return {
    number: AsnConvert.parse(present(extension, 'CRL number').extnValue, CRLNumber).value,
    serials: (tbsCertList.revokedCertificates ?? []).map(({ userCertificate }) =>
      Buffer.from(userCertificate).toString('hex'),
    ),
  };
}

describe('embedded backend, used by several processes at once', function () {
  this.timeout(120_000);

  it('loses no certificate and no revocation, and numbers its CRLs one by one', async () => {
    const disk = await makeDisk();
    try {
      const key = nodeRandom.bytes(32);
      const unlock = { how: 'key', key: new Secret(key), keyName: 'test' } as const;
      // The sealed store is there; the CA is not: the processes race to make it.
      const context = await contextAt(disk.folder, { unlock });
      const args = ['--import', 'tsx', CHILD, disk.folder, Buffer.from(key).toString('hex')];
      const outputs = await Promise.all(
        Array.from({ length: WORKERS }, (_, worker) =>
          promisify(execFile)(process.execPath, [...args, `w${worker}`, String(EACH)], {
            maxBuffer: 1 << 24,
          }),
        ),
      );
      const told = outputs.map(({ stdout }) => JSON.parse(stdout) as Told);
      assert.equal(new Set(told.map(({ root }) => root)).size, 1, 'one root for all');

      const authority = present((await backendType.open({}, context, SIGNAL)).authority, 'authority');
      const entries = await authority.issuedFor(identity('shared'), SIGNAL);
      const issued = told.flatMap((each) => each.issued);
      assert.equal(new Set(issued).size, WORKERS * EACH, 'no serial number twice');
      assert.deepEqual(entries.map((entry) => entry.serialNumber).sort(), [...issued].sort());
      const revoked = told.flatMap((each) => each.revoked).sort();
      assert.deepEqual(
        entries
          .filter((entry) => entry.revoked)
          .map((entry) => entry.serialNumber)
          .sort(),
        revoked,
      );

      const lists = told.map((each) => each.lists.map(readList));
      const numbers = lists.flatMap((each) => each.map(({ number }) => number));
      assert.deepEqual(
        numbers.toSorted((a, b) => a - b),
        Array.from({ length: WORKERS * EACH }, (_, n) => n + 1),
      );
      for (const each of lists)
        for (const [n, { number }] of each.entries())
          assert.ok(n === 0 || number > (each[n - 1]?.number ?? 0));
      const inOrder = lists.flat().toSorted((a, b) => a.number - b.number);
      for (const [n, { serials }] of inOrder.entries())
        assert.ok(
          (inOrder[n - 1]?.serials ?? []).every((serial) => serials.includes(serial)),
          'none is dropped',
        );
      const last = readList(Buffer.from(await present(authority.crl, 'crl')(SIGNAL)).toString('base64'));
      assert.deepEqual([...last.serials].sort(), revoked);
    } finally {
      await disk.cleanup();
    }
  });

  it('gives one certificate for one request that is sent many times at once', async () => {
    const bench = await makeBench();
    try {
      const { request } = await newRequest();
      const others = await Promise.all(Array.from({ length: 4 }, () => bench.reopen()));
      const outcomes = await Promise.all(others.map((authority) => authority.issue(request, SIGNAL)));
      const leaves = outcomes.map((outcome) =>
        outcome.state === 'issued' ? Buffer.from(outcome.made.chain[0] ?? []).toString('hex') : '',
      );
      assert.equal(new Set(leaves).size, 1);
      assert.equal((await bench.authority.issuedFor(identity('api'), SIGNAL)).length, 1);
    } finally {
      await bench.cleanup();
    }
  });
});
