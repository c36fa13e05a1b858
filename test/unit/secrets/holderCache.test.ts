import assert from 'node:assert/strict';
import type { Project } from '../../../server/src/app/api.ts';
import type { ScannedFinding } from '../../../server/src/app/scan/openScanner.ts';
import type { Finding } from '../../../server/src/core/finding.ts';
import type { OpenedProject } from '../../../server/src/lsp/projects.ts';
import { holderCache } from '../../../server/src/lsp/secrets/holderCache.ts';

const PLACE = { start: { line: 0, character: 0 }, end: { line: 0, character: 9 } };
const FOUND = { finding: { range: PLACE }, said: 'a key', spkiSha256: 'ab' } as unknown as ScannedFinding;

describe('whose keys were found in a text', () => {
  it('are asked for again where they were forgotten while the last question ran', async () => {
    const answers: ((message: string) => void)[] = [];
    const project = {
      withHolders: () =>
        new Promise<readonly Finding[]>((resolve) => {
          answers.push((message) => resolve([{ message, range: PLACE } as Finding]));
        }),
    } as unknown as Project;
    const place = { opened: { root: '/', project } as OpenedProject, path: 'a.pem' };
    const cache = holderCache();
    const first = cache.named([FOUND], place);
    cache.forget();
    answers[0]?.('of the past');
    await first;
    const second = cache.named([FOUND], place);
    assert.equal(answers.length, 2);
    answers[1]?.('of today');
    assert.equal((await second)[0]?.message, 'of today');
    assert.equal((await cache.named([FOUND], place))[0]?.message, 'of today');
    assert.equal(answers.length, 2);
  });
});
