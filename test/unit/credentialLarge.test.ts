/** A file of thousands of certificates: whoever else waits has their turn meanwhile, and it can be given up. */
import assert from 'node:assert/strict';
import { rootCertificates } from 'node:tls';
import { readCredentialBytes, readLargeBytes } from '../../server/src/app/inspect/reading.ts';

describe('a large file of credentials', function () {
  this.timeout(120_000);
  const options = { now: new Date('2030-01-01T00:00:00Z') };
  const bundle = (times: number) =>
    new TextEncoder().encode(Array.from({ length: times }, () => rootCertificates.join('\n')).join('\n'));

  /** How often others had their turn until it was done. */
  async function turnsUntil(work: Promise<unknown>): Promise<number> {
    let turns = 0;
    let done = false;
    const take = (): void => {
      if (done) return;
      turns += 1;
      setImmediate(take);
    };
    setImmediate(take);
    await work.finally(() => {
      done = true;
    });
    return turns;
  }

  it('is read in turns, and comes to the same', async () => {
    const bytes = bundle(10);
    const whole = readCredentialBytes('roots.pem', bytes, options);
    const reading = readLargeBytes('roots.pem', bytes, options, new AbortController().signal);
    assert.ok((await turnsUntil(reading)) > 3, 'others had their turn');
    assert.deepEqual((await reading).items, whole.items);
    assert.equal(whole.items.length, rootCertificates.length * 10);
  });

  it('is given up at the next turn', async () => {
    const stop = new AbortController();
    const reading = readLargeBytes('roots.pem', bundle(20), options, stop.signal);
    setImmediate(() => stop.abort());
    await assert.rejects(reading, { name: 'AbortError' });
  });
});
