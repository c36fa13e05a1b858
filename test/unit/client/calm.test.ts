/** When the roots of a tree may change: not while VS Code reads what is below them. */
import assert from 'node:assert/strict';
import { createCalm } from '../../../client/src/tree/calm.ts';

describe('changes of the roots of a tree', () => {
  let told = 0;
  const calm = createCalm(() => {
    told += 1;
  });
  beforeEach(() => {
    told = 0;
  });
  after(() => calm.dispose());

  const reading = () => {
    let end: () => void = () => undefined;
    const ended = calm.read(() => new Promise<void>((resolve) => (end = resolve)));
    return async () => {
      end();
      await ended;
    };
  };
  const toldOnce = async (): Promise<void> => {
    while (told === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    assert.equal(told, 1);
  };

  it('are told at once where nobody reads', () => {
    calm.whenCalm();
    assert.equal(told, 1);
  });

  it('wait for whoever reads, also for one who begins when another ends, and are then told once', async () => {
    const endFirst = reading();
    const endSecond = reading();
    calm.whenCalm();
    calm.whenCalm();
    assert.equal(told, 0);
    await endFirst();
    const endThird = reading();
    await endSecond();
    assert.equal(told, 0);
    await endThird();
    assert.equal(told, 0, 'rows that were just told may be asked for what is below them');
    await toldOnce();
  });

  it('wait for a reading that is to come, and not for ever', async () => {
    calm.expect();
    calm.whenCalm();
    assert.equal(told, 0);
    const end = reading();
    await end();
    assert.equal(told, 0);
    await toldOnce();
    // Nobody reads what was told.
    calm.whenCalm();
    assert.equal(told, 1);
    while (told === 1) await new Promise((resolve) => setTimeout(resolve, 10));
    assert.equal(told, 2);
  });

  it('wait a moment after something else was told, and no longer when more of that comes', async () => {
    calm.stir();
    calm.whenCalm();
    assert.equal(told, 0);
    const more = setInterval(() => calm.stir(), 20);
    await toldOnce();
    clearInterval(more);
  });

  it('are told although a reading failed', async () => {
    const failed = calm.read(() => Promise.reject(new Error('no answer')));
    calm.whenCalm();
    await assert.rejects(failed, /no answer/);
    await toldOnce();
  });
});
