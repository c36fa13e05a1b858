/** Which commands a machine allows, and how one of them is run. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openReloadCommands, type ReloadCommand } from '../../server/src/platform/reload/reloadCommands.ts';
import { runCommand } from '../../server/src/platform/reload/runCommand.ts';
import { rejectsWith } from '../backends/contract/expectations.ts';

const NEVER = new AbortController().signal;

describe('commands that tell a service', function () {
  this.timeout(120_000);
  let base: string;
  let root: string;
  before(async () => {
    base = await realpath(await mkdtemp(path.join(tmpdir(), 'idac-reload-')));
    root = path.join(base, 'project');
    await mkdir(root);
  });
  after(() => rm(base, { recursive: true, force: true }));
  afterEach(() => rm(path.join(base, 'reload-commands.json'), { force: true }));

  const commands = (env: Record<string, string> = {}, systemFile = path.join(base, 'none.json')) =>
    openReloadCommands({ env, stateHome: base, root, systemFile });
  const configure = (value: unknown) =>
    writeFile(
      path.join(base, 'reload-commands.json'),
      typeof value === 'string' ? value : JSON.stringify(value),
    );

  it('are found in a variable, in the user’s file and in the administrator’s, in this order', async () => {
    const system = path.join(base, 'system.json');
    await writeFile(system, JSON.stringify({ web: ['/bin/false'], mail: ['/bin/true', 'mail'] }), {
      mode: 0o644,
    });
    await configure({ web: { command: ['/bin/true', 'a b'], timeout: '5s', folder: '/tmp' } });
    const isRoot = process.getuid?.() === 0;
    const found = commands({}, system);
    assert.deepEqual(await found.find('web'), {
      name: 'web',
      argv: ['/bin/true', 'a b'],
      timeoutSeconds: 5,
      folder: '/tmp',
      source: path.join(base, 'reload-commands.json'),
    });
    // Only what nobody but root could have written counts as the administrator's.
    assert.deepEqual((await found.find('mail'))?.argv, isRoot ? ['/bin/true', 'mail'] : undefined);
    await chmod(system, 0o666);
    assert.equal(await found.find('mail'), undefined);
    const variable = await commands({
      IDAC_RELOAD_WEB: '["/bin/true"]',
      IDAC_RELOAD_MY_APP: '["/bin/true","x"]',
    }).find('web');
    assert.deepEqual(
      [variable?.argv, variable?.source, variable?.timeoutSeconds],
      [['/bin/true'], 'IDAC_RELOAD_WEB', 60],
    );
    assert.deepEqual((await commands({ IDAC_RELOAD_MY_APP: '["/bin/true","x"]' }).find('my-app'))?.argv, [
      '/bin/true',
      'x',
    ]);
    for (const name of ['nobody', '__proto__', 'constructor', 'Web', '../web', ''])
      assert.equal(await found.find(name), undefined, name);
    assert.match(found.howToAllow('web'), /reload-commands\.json.*IDAC_RELOAD_WEB/);
  });

  it('are refused where they are no absolute program with arguments', async () => {
    const wrong: readonly (readonly [unknown, RegExp])[] = [
      ['{', /is no JSON/],
      [[], /holds no object/],
      [{ web: 'nginx -s reload' }, /is no list of texts/],
      [{ web: [] }, /does not begin with the absolute path/],
      [{ web: ['nginx', '-s', 'reload'] }, /does not begin with the absolute path/],
      [{ web: ['/bin/true', 3] }, /is no list of texts/],
      [{ web: ['/bin/true', 'a\0b'] }, /is no list of texts/],
      [{ web: { command: ['/bin/true'], shell: true } }, /has a field "shell"/],
      [{ web: { command: ['/bin/true'], timeout: '2h' } }, /timeout .* is none/],
      [{ web: { command: ['/bin/true'], timeout: 30 } }, /timeout .* is none/],
      [{ web: { command: ['/bin/true'], folder: 'here' } }, /folder .* is no absolute path/],
      [{ web: ['/no/such/program'] }, /is not there/],
    ];
    for (const [value, words] of wrong) {
      await configure(value);
      const { what } = await rejectsWith('invalid-request', commands().find('web'));
      assert.match(what, words);
    }
    await rejectsWith('invalid-request', commands({ IDAC_RELOAD_WEB: '/bin/true' }).find('web'));
  });

  it('are refused where the program lies in the project, also behind a link', async () => {
    const program = path.join(root, 'reload.sh');
    await writeFile(program, '#!/bin/sh\n', { mode: 0o755 });
    await symlink(program, path.join(base, 'link.sh'));
    for (const file of [program, path.join(base, 'link.sh')]) {
      await configure({ web: [file] });
      const { what } = await rejectsWith('invalid-request', commands().find('web'));
      assert.match(what, /lies inside the project/);
    }
  });

  const command = (script: string, timeoutSeconds = 20): ReloadCommand => ({
    name: 'web',
    argv: ['/bin/sh', '-c', script],
    timeoutSeconds,
    folder: base,
    source: 'test',
  });

  it('run in their folder with a minimal environment and closed input', async () => {
    process.env['IDAC_PASSPHRASE'] = 'must not be seen';
    process.env['SOME_TOKEN'] = 'must not be seen';
    try {
      const end = await runCommand(command('pwd; env > seen.txt; read line; echo "read $?"'), NEVER);
      assert.deepEqual([end.code, end.timedOut, end.lastLines], [0, false, `${base} | read 1`]);
      const names = (await readFile(path.join(base, 'seen.txt'), 'utf8'))
        .split('\n')
        .map((line) => line.split('=')[0]);
      const allowed = [
        'PATH',
        'HOME',
        'USER',
        'LOGNAME',
        'LANG',
        'PWD',
        'OLDPWD',
        'SHLVL',
        '_',
        'TMPDIR',
        'XDG_RUNTIME_DIR',
        'DBUS_SESSION_BUS_ADDRESS',
        '',
      ];
      assert.deepEqual(
        names.filter((name) => !allowed.includes(name ?? '')),
        [],
      );
    } finally {
      delete process.env['IDAC_PASSPHRASE'];
      delete process.env['SOME_TOKEN'];
    }
  });

  it('keep the last of what is printed, without control characters', async () => {
    const end = await runCommand(
      command(
        'i=0; while [ $i -lt 20000 ]; do echo "line $i of many"; i=$((i+1)); done; printf "\\033[31mred\\007\\n" >&2; exit 7',
      ),
      NEVER,
    );
    assert.equal(end.code, 7);
    assert.ok(end.lastLines.length <= 1000 && end.lastLines.includes('line 19999 of many'));
    assert.match(end.lastLines, /\[31mred$/);
    assert.doesNotMatch(end.lastLines, /\p{Cc}/u);
  });

  it('say that they could not be started', async () => {
    const end = await runCommand({ ...command(''), argv: [base] }, NEVER);
    assert.equal(end.code, null);
    assert.match(end.error ?? '', /EACCES/);
  });

  const isAlive = (pid: number) => {
    try {
      process.kill(pid, 0);
      // A zombie that nobody has waited for is no longer running.
      return !/^State:\s+Z/m.test(existsSync(`/proc/${pid}/status`) ? readStatus(pid) : '');
    } catch {
      return false;
    }
  };
  const readStatus = (pid: number) => {
    try {
      return readFileSync(`/proc/${pid}/status`, 'utf8');
    } catch {
      return 'State:\tZ';
    }
  };
  const childPid = async () => Number(await readFile(path.join(base, 'child.pid'), 'utf8'));
  const soonEnded = async (pid: number) => {
    for (let tries = 0; tries < 50 && isAlive(pid); tries++) await sleep(100);
    return !isAlive(pid);
  };

  it('end with their whole process group when the time is over, even where they ignore the request', async () => {
    const script = 'trap "" TERM; (trap "" TERM; sleep 60) & echo $! > child.pid; wait';
    const began = Date.now();
    const end = await runCommand(command(script, 1), NEVER);
    assert.deepEqual([end.code, end.signal, end.timedOut], [null, 'SIGKILL', true]);
    assert.ok(Date.now() - began < 15_000);
    assert.ok(await soonEnded(await childPid()), 'what it had started is gone, too');
  });

  it('end when the action is cancelled', async () => {
    const stop = new AbortController();
    await rm(path.join(base, 'child.pid'), { force: true });
    const running = runCommand(command('sleep 60 & echo $! > child.pid; wait'), stop.signal);
    while (!existsSync(path.join(base, 'child.pid'))) await sleep(50);
    await sleep(100);
    stop.abort();
    await assert.rejects(running, { name: 'AbortError' });
    assert.ok(await soonEnded(await childPid()));
  });

  it('do not wait for a service that they leave running', async () => {
    const began = Date.now();
    const end = await runCommand(command('sleep 5 & echo $! > child.pid; echo started'), NEVER);
    assert.deepEqual([end.code, end.lastLines], [0, 'started']);
    assert.ok(Date.now() - began < 4000);
    process.kill(await childPid(), 'SIGKILL');
  });
});
