import assert from 'node:assert/strict';
import { UsageError } from '../../server/src/app/failure.ts';
import { command } from '../../server/src/cli/command.ts';
import { parse } from '../../server/src/cli/parse.ts';

const sample = command({
  name: 'sample',
  summary: '',
  details: '',
  examples: [],
  operands: { usage: 'NAME', minimum: 1, maximum: 2 },
  refused: { now: 'it acts at the real time' },
  options: {
    format: { type: 'value', value: 'FORMAT', choices: ['text', 'json'], default: 'text', describe: '' },
    root: { type: 'value', short: 'C', value: 'DIR', describe: '' },
    plan: { type: 'flag', describe: '' },
    yes: { type: 'flag', short: 'y', describe: '' },
  },
  run: async () => 0,
});

function refusal(...args: string[]): string {
  try {
    parse(sample, args);
  } catch (error) {
    assert(error instanceof UsageError);
    return `${error.message} | ${error.hint}`;
  }
  return assert.fail('was not refused');
}

describe('arguments', () => {
  it('are read in every spelling, in any order', () => {
    const { values, operands } = parse(sample, ['one', '-y', '--format=json', '-C', 'dir', 'two']);
    assert.deepEqual(values, { format: 'json', root: 'dir', plan: false, yes: true });
    assert.deepEqual(operands, ['one', 'two']);
  });

  it('end at --, so that a name may begin with a hyphen', () => {
    assert.deepEqual(parse(sample, ['--', '--plan']).operands, ['--plan']);
    assert.deepEqual(parse(sample, ['-']).operands, ['-']);
  });

  it('that are unknown name the nearest one', () => {
    assert.match(refusal('a', '--pan'), /no option --pan \| Did you mean --plan\?/);
    assert.match(refusal('a', '--format', 'jsn'), /cannot be "jsn" \| Did you mean "json"\?/);
    assert.match(refusal('a', '--zzzzzzzz'), /`idac sample --help`/);
    assert.match(refusal('a', '--constructor'), /no option --constructor/);
  });

  it('that this command refuses say why', () => {
    assert.match(refusal('a', '--now', '2030-01-01'), /does not take --now \| it acts at the real time/);
  });

  it('do not swallow an option as a value', () => {
    assert.match(refusal('a', '--root', '--yes'), /--root needs a value/);
    assert.match(refusal('a', '--root='), /--root needs a value/);
    assert.match(refusal('a', '--yes=no'), /--yes takes no value/);
  });

  it('are counted', () => {
    assert.match(refusal(), /NAME is missing/);
    assert.match(refusal('a', 'b', 'c'), /"c" is one argument too many/);
  });
});
