import assert from 'node:assert/strict';
import { PATIENCE, type Sandbox, sandbox } from '../support/idac.ts';

interface Outlook {
  readonly total: number;
  readonly state: Readonly<Record<string, number>>;
  readonly owners: { readonly groups: readonly object[]; readonly more: { readonly groups: number } | null };
}
interface Impact {
  readonly subject: string;
  readonly layers: readonly {
    readonly layer: string;
    readonly total: number;
    readonly nodes: readonly { readonly id: string; readonly status: string | null }[];
  }[];
}

describe('idac outlook and idac impact', function () {
  this.timeout(PATIENCE);
  let place: Sandbox;
  before(async () => {
    place = sandbox({ from: 'samples' });
    const issued = await place.idac(['issue', 'Certificate/tracking/tracking-web', '--yes']);
    assert.equal(issued.code, 0, issued.err);
  });
  after(() => place.remove());

  const later = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();

  it('tell what ends when, today and on a later day', async () => {
    const today = await place.idac(['outlook']);
    assert.equal(today.code, 0, today.err);
    assert.match(today.out, /^Today, \d{4}-\d\d-\d\d\n {2}expired +0\n/);
    assert.match(today.out, /within 90 days +1\n/);
    assert.match(today.out, /Besides: 88 not issued yet, 3 renewed elsewhere\./);
    assert.match(today.out, /^MONTH +END\n\d{4}-\d\d +1 +█+$/m);
    assert.match(today.out, /^tracking +14 +0 +0 +\d{4}-\d\d-\d\d$/m);
    assert.match(today.out, /^ECDSA-P256 +31 +25 +128 bit +break it +disallowed after 2035$/m);
    const ahead = await place.idac(['outlook', '--on', later(60)]);
    assert.match(ahead.out, /^On \d{4}-\d\d-\d\d, if nobody renews\n {2}expired +1\n/);
    assert.match(ahead.out, /Renewed whenever it is due: 1 renewal until then\./);
  });

  it('say the same as data, with as many owners as are wanted', async () => {
    const { outlook } = (await place.json(['outlook', '--on', later(60), '--limit', '3'])).data as {
      readonly outlook?: Outlook;
    };
    assert.equal(outlook?.total, 92);
    assert.equal(outlook?.state['expired'], 1);
    assert.equal(outlook?.owners.groups.length, 3);
    assert.equal(outlook?.owners.more?.groups, 4);
  });

  it('tell what breaks with a backend, and where that stands', async () => {
    const { code, out } = await place.idac(['impact', 'Backend/internal-ca']);
    assert.equal(code, 0);
    assert.match(
      out,
      /^If Backend\/internal-ca breaks, this breaks with it: 2 trust bundles, 19 identities, /,
    );
    assert.match(out, /6 owners have to know\./);
    assert.match(
      out,
      /^ {2}Certificate\/tracking\/tracking-web +expires in 4\d days +tracking +issued by it/m,
    );
    assert.match(out, /^consumers {2}21$/m);
    const few = await place.idac(['impact', 'Backend/internal-ca', '--limit', '4']);
    assert.match(few.out, /^ {2}payments +4 identities/m);
    assert.match(few.out, /^ {2}and 18 more +uses it$/m);
  });

  it('tell it as data', async () => {
    const { impact } = (await place.json(['impact', 'TrustBundle/servers'])).data as {
      readonly impact?: Impact;
    };
    assert.equal(impact?.subject, 'TrustBundle/servers');
    assert.deepEqual(
      impact?.layers.map(({ layer, total }) => [layer, total]),
      [
        ['bundles', 1],
        ['consumers', 4],
      ],
    );
    assert.equal(impact?.layers[0]?.nodes[0]?.id, 'TrustBundle/depots');
  });

  it('say when nothing depends on it, and what was probably meant', async () => {
    const alone = await place.idac(['impact', 'TrustBundle/workloads']);
    assert.match(alone.out, /consumers {2}1/);
    const missing = await place.idac(['impact', 'Backend/internal-cs']);
    assert.equal(missing.code, 2);
    assert.match(missing.err, /no manifest declares "Backend\/internal-cs"/);
    assert.match(missing.err, /Is it Backend\/internal-ca\?/);
    const soon = await place.idac(['outlook', '--on', 'soon']);
    assert.equal(soon.code, 2);
    assert.match(soon.err, /--on cannot be "soon"/);
    const many = await place.idac(['impact', 'Backend/internal-ca', '--limit', '1']);
    assert.match(many.err, /--limit cannot be "1"/);
  });
});
