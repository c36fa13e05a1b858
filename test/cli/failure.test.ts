import assert from 'node:assert/strict';
import { describeFailure, exitCodeOfAction, UsageError, worstExit } from '../../server/src/app/failure.ts';
import { BackendError } from '../../server/src/backends/errors.ts';

const backend = (kind: BackendError['kind'], mayHaveActed = false) =>
  new BackendError({
    kind,
    what: 'the PIN is wrong',
    hint: 'give the right one',
    mayHaveActed,
    retryable: kind === 'unreachable',
  });

describe('failures', () => {
  it('of a backend are sentences, and end with 3, or with 4 when it may have acted', () => {
    assert.deepEqual(describeFailure(backend('unreachable')), {
      code: 'backend/unreachable',
      what: 'The PIN is wrong.',
      hint: 'Give the right one.',
      exitCode: 3,
      retryable: true,
    });
    assert.equal(describeFailure(backend('unreachable', true)).exitCode, 4);
    assert.equal(describeFailure(backend('interrupted')).exitCode, 4);
  });

  it('of the command line and of the program end with 2', () => {
    assert.equal(describeFailure(new UsageError('a', 'b')).exitCode, 2);
    assert.equal(describeFailure(new Error('unforeseen')).exitCode, 2);
    assert.match(describeFailure('a string').what, /a string/);
  });

  it('of the system are said in words, with the file', () => {
    const full = Object.assign(new Error('ENOSPC: raw'), { code: 'ENOSPC', path: '/x/y' });
    assert.deepEqual(describeFailure(full), {
      code: 'system/ENOSPC',
      what: 'The disk is full: /x/y',
      hint: 'Free some space, then run the same command again.',
      exitCode: 2,
      retryable: true,
    });
  });

  it('that are cancellations are no defects', () => {
    assert.equal(describeFailure(AbortSignal.abort().reason).code, 'cancelled');
  });

  it('map every end of an action to the contract', () => {
    assert.deepEqual(
      (['done', 'refused', 'cancelled', 'failed', 'undone', 'unfinished'] as const).map(exitCodeOfAction),
      [0, 1, 1, 3, 3, 4],
    );
    assert.equal(worstExit([0, 1, 3, 4, 1]), 4);
    assert.equal(worstExit([]), 0);
  });
});
