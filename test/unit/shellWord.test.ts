import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { shellWord } from '../../server/src/core/text/shellWord.ts';

describe('a word of a shell', () => {
  it('is one word there, and the text as it was', () => {
    for (const text of [
      'deploy/.env',
      '.env',
      'a b',
      "it's",
      '$(id); `id` & x',
      '-rf',
      '"',
      '\\',
      'a\nb',
      '*',
      '',
    ])
      assert.equal(
        execFileSync('sh', ['-c', `printf '%s|' ${shellWord(text)}`], { encoding: 'utf8' }),
        `${text}|`,
      );
    assert.equal(shellWord('deploy/.env'), 'deploy/.env');
  });
});
