import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type KeptRecordFindings, recordFindings } from '../../server/src/app/recordFindings.ts';
import { formatIdentity } from '../../server/src/core/identity/identityId.ts';
import { buildProjectIndex, type ProjectIndex } from '../../server/src/core/identity/projectIndex.ts';
import type { IdentityEvent } from '../../server/src/core/lifecycle/event.ts';
import { reduceRecord } from '../../server/src/core/lifecycle/record.ts';
import { sharedParts } from '../../server/src/core/lifecycle/sharedParts.ts';
import { type ManifestFile, parseManifestFile } from '../../server/src/core/manifest/manifestFile.ts';
import { nodeHasher } from '../../server/src/platform/crypto/hasher.ts';
import { declare, ESTATE_FILES, isIssued, machineFile } from '../bench/estateManifests.ts';
import { openRecorder } from '../bench/estateRecords.ts';

const NOW = new Date('2027-03-01T00:00:00Z');
const SIGNAL = new AbortController().signal;
const PER_FILE = 5;
const FILES = 8;

/** What somebody may do to a manifest; the number says which of the lines that fit. */
const EDITS = [
  ['duration: 47d', 'duration: 30d'],
  ['duration: 30d', 'duration: 47d'],
  ['renewal: { before: 15d }', 'renewal: { before: 40d }'],
  ['machines: [', 'machines: [other, '],
  ['dnsNames: [', 'dnsNames: [more.fernweh.example, '],
  ['kind: Certificate', 'kind: Certificat'],
  ['kind: Certificat\n', 'kind: Certificate\n'],
  ['name: ', 'name: another-'],
  ['# Serves', '# idac-ignore certificate/renewal-due until 2027-12-31: known\n# Serves'],
  ['spiffeId: spiffe://fernweh.example/', 'spiffeId: spiffe://fernweh.example/changed/'],
] as const;

describe('findings on the record', () => {
  let events: readonly IdentityEvent[];
  const texts = new Map<string, string>();

  before(async function () {
    this.timeout(120_000);
    for (let file = 0; file < FILES; file += 1) {
      const numbers = Array.from({ length: PER_FILE }, (_, each) => file * PER_FILE + each);
      texts.set(`f${file}.identity.yaml`, numbers.map((n) => declare(n).text).join('---\n'));
    }
    const recorder = await openRecorder(NOW, new Map(Object.entries(ESTATE_FILES)));
    const wanted = new Set(
      Array.from({ length: FILES * PER_FILE }, (_, n) => n).flatMap((n) =>
        isIssued(n, 60) ? [declare(n).name] : [],
      ),
    );
    const all: IdentityEvent[] = [];
    for (const [file, text] of texts)
      all.push(...(await recorder.eventsOf(file, text, (n) => wanted.has(n))));
    events = all;
    for (const [file, text] of Object.entries(ESTATE_FILES)) texts.set(file, text);
    texts.set('machines.identity.yaml', machineFile(0, 2));
  });

  const recordsOf = () => {
    const byKey = new Map<string, IdentityEvent[]>();
    for (const event of events) {
      const key = formatIdentity(event.identity);
      byKey.set(key, [...(byKey.get(key) ?? []), event]);
    }
    return new Map(Array.from(byKey, ([key, own]) => [key, reduceRecord(own)] as const));
  };

  it('are after any edits those that all manifests together have', async function () {
    this.timeout(120_000);
    const records = recordsOf();
    const recorded = [
      ...new Map(events.map(({ identity }) => [formatIdentity(identity), identity])).values(),
    ];
    const edit = fc.record({ file: fc.nat(FILES - 1), what: fc.nat(EDITS.length - 1), which: fc.nat(4) });
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 6 }), async (edits) => {
        const files = new Map<string, ManifestFile>();
        for (const [file, text] of texts) files.set(file, parseManifestFile(file, text, undefined, false));
        let index: ProjectIndex | undefined;
        let kept: KeptRecordFindings | undefined;
        for (const each of [undefined, ...edits]) {
          if (each !== undefined) {
            const path = `f${each.file}.identity.yaml`;
            const before = files.get(path);
            const [from, to] = EDITS[each.what] ?? EDITS[0];
            const parts = (before?.text ?? '').split(from);
            const at = 1 + (each.which % Math.max(1, parts.length - 1));
            const text =
              parts.length < 2
                ? (before?.text ?? '')
                : parts.slice(0, at).join(from) + to + parts.slice(at).join(from);
            files.set(path, parseManifestFile(path, text, before, false));
          }
          index = buildProjectIndex(new Map(files), index);
          const input = {
            index,
            policies: [],
            records,
            recorded,
            damaged: [],
            git: undefined,
            lint: [],
            trust: undefined,
            now: NOW,
            hasher: nodeHasher,
          };
          const found = await recordFindings(input, SIGNAL, kept);
          kept = found.kept;
          const anew = await recordFindings({ ...input, index: buildProjectIndex(new Map(files)) }, SIGNAL);
          assert.deepEqual(inOrder(found.findings), inOrder(anew.findings));
        }
      }),
      { numRuns: 40 },
    );
  });

  it('rest on events that say the same when their parts are shared', () => {
    const shared = sharedParts();
    assert.deepEqual(events.map(shared), events);
    assert.ok(events.length > 20);
  });
});

function inOrder(findings: readonly object[]): readonly string[] {
  return findings.map((finding) => JSON.stringify(finding)).sort();
}
