import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PATIENCE, type Sandbox, sandbox } from '../support/idac.ts';
import { TWO_MACHINES } from '../support/tempProject.ts';

describe('idac resume', function () {
  this.timeout(PATIENCE);
  let box: Sandbox;
  beforeEach(() => {
    box = sandbox({ git: false });
    for (const [file, text] of Object.entries(TWO_MACHINES)) writeFileSync(path.join(box.folder, file), text);
  });
  afterEach(() => box.remove());

  it('puts back the record that git clean took, as the refusal of an issue says', async () => {
    const identity = 'Certificate/payments/api';
    const issued = await box.idac(['issue', identity, '--yes']);
    assert.equal(issued.code, 0, issued.err);
    rmSync(path.join(box.folder, '.identity'), { recursive: true });
    const refused = await box.idac(['issue', identity, '--yes']);
    assert.equal(refused.code, 1, refused.err);
    assert.match(refused.err, /`idac resume` puts its record back/);
    const looked = await box.idac(['log', 'verify']);
    assert.equal(looked.code, 1, looked.out);
    assert.match(looked.out.replaceAll(/\s+/g, ' '), /is gone, on every branch: `idac resume` puts it back/);
    const resumed = await box.idac(['resume']);
    assert.equal(resumed.code, 0, resumed.err);
    assert.equal((await box.idac(['log', 'verify'])).code, 0);
    assert.match(resumed.err, /Put back 6 events/);
    const { data } = await box.json(['inventory']);
    assert.match(JSON.stringify(data), /"state":"active"/);
  });
});
