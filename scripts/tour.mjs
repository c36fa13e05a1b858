// The tour behind `npm run tour`: one certificate's whole life, for real, in a copy of the samples. It needs Node alone; where
// openssl, ssh-keygen and git are installed they join in. Exit 1 when anything comes out other than it should.
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const repository = fileURLToPath(new URL('..', import.meta.url));
const bin = path.join(repository, 'server/bin/idac.mjs');
const { values: options } = parseArgs({ options: { clean: { type: 'boolean', default: false } } });

if (!existsSync(path.join(repository, 'server/dist/idac.mjs'))) {
  console.error('idac is not built yet: run `npm run build` first.');
  process.exit(2);
}

const base = realpathSync(mkdtempSync(path.join(tmpdir(), 'idac-tour-')));
const folder = path.join(base, 'fernweh-freight');
const env = {
  ...process.env,
  IDAC_STATE_HOME: path.join(base, 'state'),
  // For this tour alone; yours comes from a prompt, a file or your editor's secret storage.
  IDAC_PASSPHRASE: randomBytes(24).toString('base64url'),
};
const colour = process.stdout.isTTY && !process.env.NO_COLOR;
const paint = (code, text) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
let chapters = 0;

function chapter(title, ...sentences) {
  chapters += 1;
  console.log(`\n${paint('1;36', `${chapters}  ${title}`)}`);
  for (const sentence of sentences) console.log(paint('2', `   ${sentence}`));
  console.log();
}

/** Runs a command as a person would type it, in the copy, and ends the tour if it does not end as it should. */
function run(line, expected = 0) {
  console.log(`${paint('2', '$')} ${paint('1', line)}`);
  const [program, ...args] = line.match(/"[^"]*"|\S+/g).map((word) => word.replaceAll('"', ''));
  const [command, first] = program === 'idac' ? [process.execPath, [bin]] : [program, []];
  const { status, error } = spawnSync(command, [...first, ...args], {
    cwd: folder,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== expected)
    fail(`\`${line}\` ended with ${error?.message ?? status}; ${expected} was expected.`);
  console.log();
}

/** Applies the first fix that `idac check` offers for each finding; from the end on, so that no edit moves another's place. */
function applyFixes() {
  for (const { fixes } of ask('check').findings.toReversed()) {
    for (const { file, range, newText } of fixes[0]?.edits ?? []) {
      const full = path.join(folder, file);
      const lines = readFileSync(full, 'utf8').split('\n');
      const { start, end } = range;
      const before = lines[start.line - 1].slice(0, start.column - 1);
      const after = lines[end.line - 1].slice(end.column - 1);
      lines.splice(start.line - 1, end.line - start.line + 1, before + newText + after);
      writeFileSync(full, lines.join('\n'));
    }
  }
}

/** What `idac … --format json` says, without showing it. */
function ask(...args) {
  const { stdout } = spawnSync(process.execPath, [bin, ...args, '--format', 'json'], {
    cwd: folder,
    env,
    encoding: 'utf8',
  });
  return JSON.parse(stdout);
}

function expect(holds, what) {
  if (!holds) fail(what);
}

function fail(what) {
  console.error(paint('31', `\nThe tour stopped: ${what}\nIts folder is left for a look: ${base}`));
  process.exit(1);
}

const installed = (program, ...args) => spawnSync(program, args, { stdio: 'ignore' }).error === undefined;
const openssl = installed('openssl', 'version');
const keysOf = (name) =>
  ask('inventory')
    .identities.filter((row) => row.name === name)
    .map((row) => row.spkiSha256);

cpSync(path.join(repository, 'samples'), folder, { recursive: true });
const git = (...args) => spawnSync('git', ['-C', folder, ...args], { stdio: 'ignore' });
git('init', '-q');
git('add', '-A');
git('-c', 'user.name=Tour', '-c', 'user.email=tour@fernweh.example', 'commit', '-q', '-m', 'Fernweh Freight');

console.log(paint('1', 'Identity as code: a tour'));
console.log(`A copy of the samples is in ${folder}.`);

chapter(
  'Check the manifests',
  'Fernweh Freight declares its machine identities in YAML. Eleven mistakes are there on purpose, nine of them',
  'errors: the exit code is 1, and a pipeline would stop here.',
);
run('idac check', 1);

chapter('Repair them', 'In an editor the quick fixes do this. Here they are applied for you.');
applyFixes();
run('idac check');

chapter(
  'Look before anything happens',
  'A plan says what each step does, which key changes, and from where on there is no way back. It changes nothing.',
);
run('idac issue Certificate/payments/payments-api --plan');
expect(
  ask('inventory').identities.every((row) => row.state === 'declared'),
  'A plan changed something.',
);

chapter(
  'Issue',
  'Two machines get a key and a certificate each. The embedded authority makes its root on first use.',
);
run('idac issue Certificate/payments/payments-api --yes');
const before = keysOf('payments-api');
expect(before.length === 2 && before[0] !== before[1], 'The machines share a key.');

chapter(
  'Do not take our word for it',
  'What was delivered is an ordinary certificate with an ordinary chain.',
);
const payments = 'deploy/payments-1/tls';
if (openssl)
  run(
    `openssl verify -CAfile ${payments}/root.pem -untrusted ${payments}/payments-api.pem ${payments}/payments-api.pem`,
  );
run(`idac inspect ${payments}/payments-api.pem`);
run('idac verify Certificate/payments/payments-api');

chapter(
  'Issue for other teams',
  'Names, labels (-l environment=production) and machines (Machine/gate-porto) select.',
);
run('idac issue Certificate/tracking/tracking-web Certificate/depots/gate-controller --yes');

chapter(
  'Not only certificates',
  'A robot logs in by SSH, a pipeline shows a token, a workload is registered: the same verbs for all of them.',
);
run(
  'idac issue SshCertificate/platform/deploy-robot Token/platform/ci-deploy Workload/platform/ingress --yes',
);
if (installed('ssh-keygen', '-?')) run('ssh-keygen -L -f deploy/deploy-pipeline/ssh/deploy_key-cert.pub');

chapter(
  'Rotate',
  'A new key and certificate come first, the old ones are retired after. Nothing is without a credential.',
);
run('idac rotate Certificate/payments/payments-api --yes --because "laptop with a backup was lost"');
expect(
  keysOf('payments-api').every((key) => !before.includes(key)),
  'A key did not change.',
);

chapter('Revoke', 'A gate controller was stolen: its certificate ends now, and the revocation list says so.');
run(
  'idac revoke Certificate/depots/gate-controller --yes --reason keyCompromise --because "gate-porto was stolen"',
);
const gate = 'deploy/gate-porto/tls/gate.pem';
if (openssl) {
  console.log(paint('2', '   OpenSSL refuses it from now on, which is what we want:\n'));
  run(
    `openssl verify -crl_check -CAfile pki/device-ca.roots.pem -CRLfile pki/device-ca.crl.pem -untrusted ${gate} ${gate}`,
    2,
  );
}

chapter('Who owns what, and when does it end?', 'What the internet sees. Without -l it is everything.');
run('idac inventory -l exposure=external --group-by owner');

chapter('Who did what, and why?', 'Each event is a file beside the manifests, committed with them, chained.');
run('idac log show Certificate/payments/payments-api');
run('idac log verify');

if (options.clean) {
  rmSync(base, { recursive: true, force: true });
  console.log(paint('1;32', 'That was the tour. Its folder is gone again.'));
} else {
  console.log(paint('1;32', 'That was the tour.'));
  console.log(`Its folder stays for you to look at: ${folder}`);
  console.log(`When you have seen enough: ${paint('1', `rm -r ${base}`)}`);
}
