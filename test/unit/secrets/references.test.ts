import assert from 'node:assert/strict';
import { parse } from 'yaml';
import { referencesIn, storePath } from '../../../server/src/core/secrets/references/referenceAt.ts';

const AT = { mount: 'secret', path: 'team/app/password', field: 'value' };

/** `‹` and `›` stand around the value. The text with the reference in its place; undefined: none can stand there. */
function replaced(file: string, marked: string): string | undefined {
  const lines = marked.split('\n');
  const line = lines.findIndex((each) => each.includes('‹'));
  const start = lines[line]?.indexOf('‹') ?? 0;
  const end = (lines[line]?.indexOf('›') ?? 0) - 1;
  const text = marked.replace(/[‹›]/g, '');
  const found = referencesIn(
    file,
    text,
  )?.({ start: { line, character: start }, end: { line, character: end } });
  if (found === undefined) return undefined;
  const whole = text.split('\n');
  const { range, form } = found;
  const at = whole[line] ?? '';
  whole[line] = `${at.slice(0, range.start.character)}"${form.write(AT)}"${at.slice(range.end.character)}`;
  return whole.join('\n');
}

describe('references in the place of a value', () => {
  it('are those that who reads the file understands, whatever quotes stood there', () => {
    const ansible =
      "{{ lookup('community.hashi_vault.vault_kv2_get', 'team/app/password', engine_mount_point='secret').secret.value }}";
    for (const value of ['‹abc›', '"‹abc›"', "'‹abc›'", '‹abc› # a comment']) {
      const text = replaced('group_vars/all.yml', `password: ${value}\n`);
      assert.deepEqual(parse(text ?? ''), { password: ansible }, value);
    }
    const play = '- hosts: all\n  tasks:\n    - community.mysql.mysql_user:\n        password: ‹abc›\n';
    assert.ok(replaced('site.yml', play)?.includes(ansible));
    const vals = 'ref+vault://secret/team/app/password#/value';
    assert.deepEqual(parse(replaced('helmfile.yaml', 'a: ‹abc›\n') ?? ''), { a: vals });
    assert.deepEqual(parse(replaced('values.yaml', 'b: ref+vault://x/y#/z\na: ‹abc›\n') ?? '')['a'], vals);
    const plugin = replaced('app.yaml', 'data:\n  a: <path:kv/data/x#y>\n  b: "‹abc›"\n');
    assert.equal(parse(plugin ?? '').data.b, '<path:secret/data/team/app/password#value>');
  });

  it('are none where nobody would fetch them, or where they could not stand', () => {
    for (const [file, text] of [
      ['values.yaml', 'password: ‹abc›\n'],
      ['docker-compose.yml', 'environment:\n  PASSWORD: ‹abc›\n'],
      ['.env', 'PASSWORD=‹abc›\n'],
      ['group_vars/all.yml', 'url: postgres://app:‹abc›@db/app\n'],
      ['group_vars/all.yml', 'options: { password: ‹abc›, user: x }\n'],
      ['group_vars/all.yml', 'text: |\n  ‹abc›\n'],
      ['group_vars/all.yml', `cmd: "run, password: '‹abc›' --y"\n`],
      ['group_vars/all.yml', `cmd: run, password: '‹abc›'\n`],
    ] as const)
      assert.equal(replaced(file, text), undefined, text);
  });

  it('are none where what was found is not the value as YAML reads it', () => {
    for (const value of [
      String.raw`"‹kX9vQz7\›"pL2mT4wR"`,
      String.raw`"‹kX9vQz7\"pL2mT4wR›"`,
      String.raw`"‹a\\b›"`,
      String.raw`"‹\u0041bc›"`,
      "'‹it''s›'",
      '"‹abc›" def',
      '‹abc›#def',
      '‹abc›\n  def',
    ])
      assert.equal(replaced('group_vars/all.yml', `password: ${value}\n`), undefined, value);
    assert.ok(replaced('group_vars/all.yml', '- password: ‹abc›\n  user: x\n'));
    assert.ok(replaced('group_vars/all.yml', '"a b": 1\n"password": "‹abc›"\r\n'));
  });

  it('lead to a place that is named by the file and the setting', () => {
    assert.equal(storePath('group_vars/all.yml', 'db.password'), 'group_vars/all/db-password');
    assert.equal(storePath('../x y/ü.yaml', "it's"), 'x-y/it-s');
  });
});
