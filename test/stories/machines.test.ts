/** What is done to one machine's share of an identity leaves the other machines' shares as they are. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { InventoryRow, Project } from '../../server/src/app/api.ts';
import type { ActionRequest, ActionResult, Plan, Refusal } from '../../server/src/core/lifecycle/plan.ts';
import { assertRefused, certificateId, done, NEVER } from '../support/acting.ts';
import { hasProgram, needs } from '../support/needs.ts';
import { type TempProject, TWO_MACHINES, tempProject } from '../support/tempProject.ts';

const api = certificateId('api', 'payments');
const manifest = TWO_MACHINES['api.identity.yaml'] ?? '';
const PUBLISHED = 'pki/local-ca.crl';
const backend = (TWO_MACHINES['backends.identity.yaml'] ?? '').replace(
  '  type: local\n',
  `  type: local\n  authority: { commonName: Lab CA, crl: { path: ${PUBLISHED} } }\n`,
);

describe("one machine's share", function () {
  this.timeout(120_000);
  let place: TempProject;
  let project: Project;
  beforeEach(async () => {
    place = await tempProject({ ...TWO_MACHINES, 'backends.identity.yaml': backend });
    project = await place.open();
  });
  afterEach(async () => {
    await project.close();
    await place.remove();
  });

  const at = (file: string) => path.join(place.root, file);
  const bundle = (machine: string) => readFileSync(at(`tls/${machine}/tls.pem`), 'utf8');
  const row = async (machine: string): Promise<InventoryRow> => {
    const found = (await project.inventory(NEVER)).find((each) => each.machine === machine);
    assert.ok(found, `no row for ${machine}`);
    return found;
  };
  const plan = (request: Omit<ActionRequest, 'identity'>): Promise<Plan | Refusal> =>
    project.actions.plan({ identity: api, ...request }, NEVER);
  const act = async (request: Omit<ActionRequest, 'identity'>): Promise<ActionResult> => {
    const made = await plan(request);
    assert.ok(!('refused' in made), JSON.stringify(made));
    const confirmation = { confirmed: true, typed: api.name };
    const result = await project.actions.execute(made.id, made.hash, confirmation, {}, NEVER);
    assert.ok(!('refused' in result) && result.state === 'done', JSON.stringify(result));
    assert.equal(result.machine, request.machine);
    return result;
  };
  const reopen = async () => {
    await project.close();
    project = await place.open();
  };

  it('rotated: the other keeps its certificate, its key and its file', async () => {
    await done(project, 'issue', api);
    const before = await row('api-2');
    const [first, second] = [bundle('api-1'), bundle('api-2')];

    const made = await plan({ verb: 'rotate', machine: 'api-1' });
    assert.ok(!('refused' in made), JSON.stringify(made));
    assert.match(made.summary, /^rotate Certificate\/payments\/api on api-1: one certificate /);
    assert.equal(made.confirmation.commandLine, 'idac rotate Certificate/payments/api --machine api-1');
    assert.deepEqual([...new Set(made.steps.map((step) => step.machine))], ['api-1', undefined]);
    const forAll = await plan({ verb: 'rotate' });
    assert.ok(!('refused' in forAll) && forAll.hash !== made.hash);

    const { events } = await act({ verb: 'rotate', machine: 'api-1' });
    assert.ok(events.every((event) => event.machine === 'api-1'));
    assert.notEqual(bundle('api-1'), first);
    assert.equal(bundle('api-2'), second);
    assert.deepEqual(await row('api-2'), before);
    const report = await project.actions.verify({ identity: api }, NEVER);
    assert.ok(!('refused' in report) && report.ok, JSON.stringify(report));
  });

  it('revoked: the revocation list names its serial and no other', async function () {
    needs(this, 'openssl', hasProgram('openssl'));
    await done(project, 'issue', api);
    const [lost, kept] = [await row('api-1'), await row('api-2')];

    await act({ verb: 'revoke', machine: 'api-1', reason: 'keyCompromise' });
    const list = execFileSync(
      'openssl',
      ['crl', '-in', at(PUBLISHED), '-inform', crlForm(at(PUBLISHED)), '-noout', '-text'],
      {
        encoding: 'utf8',
      },
    );
    const serials = [...list.matchAll(/Serial Number: ([0-9A-F]+)/g)].map(([, serial]) => serial);
    assert.deepEqual(serials.map(normalized), [normalized(lost.serialNumber ?? '')]);

    assert.equal((await row('api-1')).state, 'revoked');
    assert.deepEqual(await row('api-2'), kept);
    assertRefused(
      await plan({ verb: 'revoke', machine: 'api-1' }),
      'nothing-to-revoke',
      /payments\/api on api-1 has no certificate/,
    );
    const verified = await project.actions.verify({ identity: api, machine: 'api-2' }, NEVER);
    assert.ok(!('refused' in verified) && verified.ok, JSON.stringify(verified));
    assert.deepEqual(
      verified.machines.map(({ machine }) => machine),
      ['api-2'],
    );

    // It gets a new one by itself, too.
    await act({ verb: 'issue', machine: 'api-1' });
    assert.equal((await row('api-1')).state, 'active');
  });

  it('issued alone first: nothing is said of machines that were not asked about', async () => {
    await act({ verb: 'issue', machine: 'api-1' });
    assert.equal((await row('api-2')).state, 'declared');
    assertRefused(
      await plan({ verb: 'issue', machine: 'api-1' }),
      'already-issued',
      /api on api-1 is issued/,
    );
    assertRefused(await plan({ verb: 'renew', machine: 'api-2' }), 'not-issued', /api on api-2 has no/);
    const alone = await plan({ verb: 'renew', machine: 'api-1' });
    assert.ok(!('refused' in alone));
    assert.deepEqual(alone.warnings, []);
    const all = await plan({ verb: 'renew' });
    assert.ok(!('refused' in all));
    assert.match(all.warnings.join('\n'), /1 of 2 machines/);
  });

  it("what stands at the other machine's place does not matter", async () => {
    await place.write('tls/api-2/tls.pem', 'something of somebody else\n');
    assertRefused(await plan({ verb: 'issue' }), 'target-occupied', /tls\/api-2\/tls\.pem/);
    await act({ verb: 'issue', machine: 'api-1' });
  });

  it('what waits on one machine keeps no other waiting, and is not ended by it', async () => {
    await place.write('api.identity.yaml', `${manifest}  renewal: { overlap: 1d }\n`);
    await reopen();
    await done(project, 'issue', api);
    const waiting = await plan({ verb: 'rotate', machine: 'api-1' });
    assert.ok(!('refused' in waiting), JSON.stringify(waiting));
    const result = await project.actions.execute(waiting.id, waiting.hash, { confirmed: true }, {}, NEVER);
    assert.ok(!('refused' in result) && result.state === 'unfinished', JSON.stringify(result));
    assert.deepEqual([(await row('api-1')).state, (await row('api-2')).state], ['pending', 'active']);
    for (const machine of ['api-1', undefined]) {
      assertRefused(
        await plan({ verb: 'rotate', ...(machine === undefined ? {} : { machine }) }),
        'unfinished',
        /An earlier rotate of Certificate\/payments\/api on api-1 is not finished\. .*idac resume/,
      );
    }

    await act({ verb: 'revoke', machine: 'api-2' });
    const [left, ...others] = await project.actions.unfinished(NEVER);
    assert.equal(left?.plan.id, waiting.id);
    assert.deepEqual(others, []);
    const undone = await project.actions.resume(waiting.id, 'undo', {}, NEVER);
    assert.ok(!('refused' in undone) && undone.state === 'undone', JSON.stringify(undone));
    assert.deepEqual([(await row('api-1')).state, (await row('api-2')).state], ['active', 'revoked']);
  });

  it('destroyed: the other keeps its file', async () => {
    await done(project, 'issue', api);
    await act({ verb: 'destroy', machine: 'api-1' });
    assert.equal(existsSync(at('tls/api-1/tls.pem')), false);
    assert.equal(existsSync(at('tls/api-2/tls.pem')), true);
    assert.deepEqual([(await row('api-1')).state, (await row('api-2')).state], ['destroyed', 'active']);
  });

  it('a machine that the manifest no longer names is revoked and destroyed alone', async () => {
    await done(project, 'issue', api);
    await place.write('api.identity.yaml', manifest.replace('[api-1, api-2]', '[api-1]'));
    await reopen();
    const kept = await row('api-1');
    assert.equal((await row('api-2')).state, 'orphaned');
    assertRefused(
      await plan({ verb: 'rotate', machine: 'api-2' }),
      'not-on-machine',
      /no longer names api-2.*idac revoke Certificate\/payments\/api --machine api-2/,
    );
    await act({ verb: 'revoke', machine: 'api-2' });
    assert.equal((await row('api-2')).state, 'revoked', 'its key and copy are still to be destroyed');
    assert.deepEqual((await row('api-2')).verbs, ['destroy']);
    await act({ verb: 'destroy', machine: 'api-2' });
    assert.equal(existsSync(at('tls/api-2/tls.pem')), false);
    assert.deepEqual(await project.inventory(NEVER), [kept]);
    assert.deepEqual(
      project.workspace
        .index()
        .certificates()
        .map(({ name }) => name),
      ['api'],
    );
  });

  it('a machine that never bore it is refused, and told where it is', async () => {
    for (const verb of ['issue', 'rotate', 'revoke', 'destroy'] as const) {
      assertRefused(
        await plan({ verb, machine: 'api-3' }),
        'not-on-machine',
        /is not on api-3.*It is on api-1, api-2\./,
      );
    }
  });

  it('one key for all machines has no shares', async () => {
    const shared = manifest
      .replace('  machines:', '  keyPer: identity\n  keyPerReason: the pair fails over\n  machines:')
      .replace('tls/{machine}/tls.pem', 'tls/shared/tls.pem');
    await place.write('api.identity.yaml', shared);
    await reopen();
    await done(project, 'issue', api);
    for (const verb of ['rotate', 'revoke', 'destroy'] as const) {
      assertRefused(
        await plan({ verb, machine: 'api-1' }),
        'not-on-machine',
        new RegExp(
          `one key for all its machines.*Leave the machine out.*idac ${verb} Certificate/payments/api$`,
        ),
      );
    }
    const report = await project.actions.verify({ identity: api, machine: 'api-1' }, NEVER);
    assert.ok(!('refused' in report) && report.ok, 'to look at it harms no other machine');

    // From then on each has its own; what they shared is not forgotten when one of them ends its share.
    await place.write('api.identity.yaml', manifest);
    await reopen();
    await act({ verb: 'issue', machine: 'api-1' });
    const ending = await plan({ verb: 'revoke', machine: 'api-1' });
    assert.ok(!('refused' in ending));
    assert.match(ending.warnings.join('\n'), /all machines share is still accepted/);
    assertRefused(
      await plan({ verb: 'revoke', machine: 'api-2' }),
      'nothing-to-revoke',
      /all machines share is still accepted/,
    );
  });
});

function crlForm(file: string): string {
  return readFileSync(file, 'latin1').startsWith('-----BEGIN') ? 'PEM' : 'DER';
}

/** Serial numbers are written with and without leading zeros and colons. */
function normalized(serial: string | undefined): string {
  return (serial ?? '').replaceAll(':', '').replace(/^0+/, '').toLowerCase();
}
