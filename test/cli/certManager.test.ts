/** cert-manager's manifests on the command line: checked and listed, never acted on. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PATIENCE, type Sandbox, sandbox } from '../support/idac.ts';

const MIXED = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec: { colour: red }
---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata:
  name: shop.example.com
  namespace: shop
  labels: { environment: production }
  annotations: { identity-as-code/owner: shop, identity-as-code/contact: shop@example.com }
spec:
  secretName: web-tls
  duration: 90d
  dnsNames: [shop.example.com]
  privateKey: { algorithm: ECDSA }
  issuerRef: { name: letsencrypt, kind: ClusterIssuer }
---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: { name: api, namespace: shop }
spec:
  secretName: web-tls
  dnsNames: [api.example.com]
  issuerRef: { name: letsencrypt, kind: ClusterIssuer }
`;
const NAME = 'Certificate.cert-manager.io/shop/shop.example.com';

describe('idac and cert-manager', function () {
  this.timeout(PATIENCE);
  let place: Sandbox;
  before(() => {
    place = sandbox();
    mkdirSync(path.join(place.folder, 'k8s'));
    writeFileSync(path.join(place.folder, 'k8s/web.yaml'), MIXED);
    writeFileSync(path.join(place.folder, 'k8s/chart.yaml'), `{{- if .Values.tls }}\n${MIXED}{{- end }}\n`);
  });
  after(() => place.remove());

  it('check finds what cert-manager would refuse, at its exact place', async () => {
    const { code, data } = await place.json(['check', '--format', 'json']);
    assert.equal(code, 1);
    const findings = data['findings'] as readonly {
      rule: string;
      file: string;
      range: { start: { line: number; column: number } };
    }[];
    assert.deepEqual(
      findings.map(({ rule, file, range: { start } }) => [rule, `${file}:${start.line}:${start.column}`]),
      [
        ['cert-manager/duration', 'k8s/web.yaml:15:13'],
        ['cert-manager/secret-collision', 'k8s/web.yaml:24:15'],
      ],
    );
  });

  it('inventory lists them with who keeps them, and with no verb', async () => {
    const { data } = await place.json(['inventory']);
    const [api, web] = data['identities'] as readonly Record<string, unknown>[];
    assert.equal(api?.['owner'], null);
    assert.deepEqual(
      [
        'kind',
        'namespace',
        'name',
        'owner',
        'contact',
        'backend',
        'state',
        'status',
        'managedBy',
        'algorithm',
        'machines',
        'verbs',
        'labels',
      ].map((field) => web?.[field]),
      [
        'Certificate.cert-manager.io',
        'shop',
        'shop.example.com',
        'shop',
        'shop@example.com',
        'ClusterIssuer/letsencrypt',
        'declared',
        'renewed by cert-manager',
        'cert-manager',
        'ECDSA-P256',
        [],
        [],
        { environment: 'production' },
      ],
    );
    const { out } = await place.idac(['inventory']);
    assert.match(out, /2 credentials · 2 kept by cert-manager/);
  });

  it('no verb acts on them, by name or by label', async () => {
    for (const verb of ['issue', 'renew', 'revoke', 'verify', 'destroy']) {
      const { code, err } = await place.idac([verb, NAME]);
      assert.equal(code, 2, verb);
      assert.match(err, /issued and renewed by cert-manager,\s+never from here/);
      assert.match(err, /cmctl renew shop\.example\.com --namespace shop/);
    }
    const { code, err } = await place.idac(['renew', '-l', 'environment=production', '--yes']);
    assert.equal(code, 2);
    assert.match(err, /No identity matches/);
  });
});
