/** What trust bundles lack stands in the editor, too, and follows the files that they name. */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import { BACKEND, type Fixture, IDENTITY, openFixture, WEB } from './fixture.ts';

const BUNDLE = `apiVersion: identity-as-code/v1
kind: TrustBundle
metadata: { name: company }
spec:
  owner: { team: platform, contact: platform@example.com }
  anchors:
    - file: trust/company.pem
  consumers: [checkout]
`;

describe('language server: trust bundles', function () {
  this.timeout(120_000);
  let fixture: Fixture;
  afterEach(() => fixture.end());

  it('says what a bundle lacks until its file has it', async () => {
    const inAYear = Date.now() + 366 * 86_400_000;
    const other =
      rootCertificates.find((pem) => Date.parse(new X509Certificate(pem).validTo) > inAYear) ?? '';
    fixture = await openFixture({
      files: {
        'ca.identity.yaml': BACKEND.replace('    crl:', '    publish: { roots: pki/roots.pem }\n    crl:'),
        'web.identity.yaml': `${WEB}  consumers: [checkout]\n`,
        'bundle.identity.yaml': BUNDLE,
        'trust/company.pem': other,
      },
    });
    const { code, err } = await fixture.box.idac(['issue', IDENTITY, '--yes']);
    assert.equal(code, 0, err);
    const changed = (file: string) =>
      fixture.client.notify('workspace/didChangeWatchedFiles', {
        changes: [{ uri: fixture.uri(file), type: 2 }],
      });
    const codes = async () => (await fixture.pull('bundle.identity.yaml')).items.map((each) => each.code);
    /** A client asks again when it is told to. */
    const comes = async (wanted: readonly string[]): Promise<void> => {
      while (JSON.stringify(await codes()) !== JSON.stringify(wanted))
        await fixture.client.next('workspace/diagnostic/refresh');
    };
    changed('.identity/records');
    await comes(['trust/authority-missing']);
    fixture.write('trust/company.pem', fixture.read('pki/roots.pem'));
    changed('trust/company.pem');
    await comes([]);
    fixture.write('trust/company.pem', other);
    changed('trust/company.pem');
    await comes(['trust/authority-missing']);
  });
});
