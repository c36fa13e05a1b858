import assert from 'node:assert/strict';
import { PATIENCE, type Sandbox, sandbox } from '../support/idac.ts';

interface Row {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly machine: string | null;
  readonly owner: string;
  readonly state: string;
  readonly status: string;
}

describe('idac inventory', function () {
  this.timeout(PATIENCE);
  let place: Sandbox;
  const rows = async (...args: string[]) =>
    (await place.json(['inventory', ...args])).data['identities'] as readonly Row[];
  before(async () => {
    place = sandbox({ from: 'samples' });
    const issued = await place.idac([
      'issue',
      'Certificate/platform/build-runner',
      'Certificate/tracking/tracking-web',
      '--yes',
    ]);
    assert.equal(issued.code, 0, issued.err);
  });
  after(() => place.remove());

  it('has a row for each credential, what ends first on top', async () => {
    const all = await rows();
    assert.deepEqual(
      all.slice(0, 2).map((row) => row.name),
      ['build-runner', 'tracking-web'],
    );
    const payments = all.filter((row) => row.name === 'payments-api');
    assert.deepEqual(
      payments.map((row) => row.machine),
      ['payments-1', 'payments-2'],
    );
    const others = all.slice(2).filter(({ kind }) => !kind.includes('.'));
    assert.equal(others.length, 87);
    assert.ok(others.every((row) => row.state === 'declared' && row.status === 'not issued yet'));
  });

  it('is selected by labels and told by a clock', async () => {
    assert.deepEqual(
      (await rows('-l', 'exposure=external,scope')).map((row) => row.name),
      ['acquirer-client', 'acquirer-client', 'receipt-signing', 'settlement-orders'],
    );
    const later = await rows('--now', new Date(Date.now() + 20 * 86_400_000).toISOString());
    assert.equal(later[0]?.state, 'expired');
    assert.match(later[0]?.status ?? '', /^expired/);
  });

  it('is grouped by a field or a label', async () => {
    const { data } = await place.json(['inventory', '--group-by', 'label:exposure']);
    assert.equal(data['groupBy'], 'label:exposure');
    const groups = data['groups'] as readonly { value: string; count: number; nextExpiry: string | null }[];
    assert.deepEqual(
      groups.map(({ value, count }) => [value, count]),
      [
        ['external', 23],
        ['internal', 69],
      ],
    );
    assert.match(groups[0]?.nextExpiry ?? '', /^\d{4}-\d{2}-\d{2}T/);
    const values = async (field: string) => {
      const answer = await place.json(['inventory', '--group-by', field]);
      return (answer.data['groups'] as typeof groups).map(({ value }) => value);
    };
    assert.deepEqual(await values('exposure'), ['external', 'internal']);
    assert.deepEqual(await values('expiry'), ['within7Days', 'within90Days', 'notIssued', 'elsewhere']);
    const issuers = await values('issuer');
    assert.equal(issuers.length, 2);
    assert.match(issuers[0] ?? '', /^CN=/);
    assert.equal(issuers[1], 'none');
    assert.ok((await values('file')).includes('tracking/tracking.identity.yaml'));
    const wrong = await place.idac(['inventory', '--group-by', 'colour']);
    assert.equal(wrong.code, 2);
    assert.match(wrong.err, /owner/);
  });

  it('cuts nothing off in a pipe', async () => {
    const { out } = await place.idac(['inventory', '--group-by', 'owner']);
    assert.ok(!out.includes('…'));
    assert.match(out, /^platform {2}18 credentials · 1 valid · 16 not issued yet · 1 kept by cert-manager$/m);
    assert.match(
      out,
      /^Certificate\/platform\/build-runner +build-runner +expires in 6 days +\d{4}-\d\d-\d\d +platform +internal-ca +ECDSA-P256$/m,
    );
    assert.match(out, /^92 credentials · 2 valid · 87 not issued yet · 3 kept by cert-manager$/m);
  });

  it('is a table for spreadsheets', async () => {
    const { out } = await place.idac(['inventory', '--format', 'csv']);
    const [header, first = '', ...rest] = out.trimEnd().split('\n');
    assert.equal(
      header,
      'kind,namespace,name,machine,owner,contact,backend,state,notBefore,notAfter,daysLeft,renewAfter,algorithm,serialNumber,spkiSha256,fingerprintSha256,labels,consumers,loginMethod,loginSeenAt,loginReach,issuer,keyStore,targets',
    );
    assert.match(first, /^Certificate,platform,build-runner,build-runner,platform,/);
    assert.equal(rest.length, 91);
    const width = header?.split(',').length;
    assert.ok([first, ...rest].every((row) => row.replace(/"[^"]*"/g, '').split(',').length === width));
  });
});
