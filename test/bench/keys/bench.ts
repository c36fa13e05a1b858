/**
 * How long keys that are shared take to be found: `npm run bench:keys`. Certificates are made, in one bundle and in a file each,
 * and the built command line scans them.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { openScanner } from '../../../server/src/app/scan/openScanner.ts';
import { sharedKeys } from '../../../server/src/core/keys/sharing/sharedKeys.ts';
import { REPOSITORY } from '../../support/idac.ts';
import { measure } from '../secrets/measure.ts';
import { certificates, SHARED_EVERY } from './certificates.ts';

const { values } = parseArgs({ options: { certificates: { type: 'string', default: '100000' } } });
const COUNT = Number(values.certificates);
const PER_FOLDER = 1000;
const RUNS = 3;

const base = mkdtempSync(path.join(tmpdir(), 'idac-bench-keys-'));
const places = { 'one bundle': path.join(base, 'bundle'), 'a file each': path.join(base, 'files') };

function pem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

function write(): string {
  mkdirSync(places['one bundle']);
  const all: string[] = [];
  for (const der of certificates(COUNT)) {
    const folder = path.join(places['a file each'], String(Math.floor(all.length / PER_FOLDER)));
    mkdirSync(folder, { recursive: true });
    const text = pem(der);
    writeFileSync(path.join(folder, `${all.length}.crt`), text);
    all.push(text);
  }
  const bundle = all.join('');
  writeFileSync(path.join(places['one bundle'], 'bundle.pem'), bundle);
  return bundle;
}

function row(what: string, cpu: number, wall: number, peak: number | undefined, found: number): void {
  const memory = peak === undefined ? '' : Math.round(peak);
  console.log(`| ${what} | ${found} | ${cpu.toFixed(2)} | ${wall.toFixed(2)} | ${memory} |`);
}

/** Without reading: the keys of all certificates grouped and judged. */
function judge(bundle: string): void {
  const { keys } = openScanner().scan('bundle.pem', Buffer.from(bundle));
  for (let run = 0; run < RUNS; run += 1) {
    const [started, used] = [performance.now(), process.cpuUsage()];
    const found = sharedKeys({ places: keys });
    const cpu = process.cpuUsage(used);
    row(
      'keys that were read, judged',
      (cpu.user + cpu.system) / 1e6,
      (performance.now() - started) / 1000,
      undefined,
      found.length,
    );
  }
}

function scan(what: string, folder: string): void {
  const idac = [process.execPath, path.join(REPOSITORY, 'server/bin/idac.mjs')];
  for (let run = 0; run < RUNS; run += 1) {
    const { out, err, usage } = measure([...idac, 'scan', '--format', 'json'], folder);
    if (usage === undefined) throw new Error(`GNU time is not installed, or ${err}`);
    const { findings } = JSON.parse(out) as { readonly findings: readonly { readonly rule: string }[] };
    const found = findings.filter(({ rule }) => rule === 'key/shared').length;
    row(`idac scan, ${what}`, usage.cpuSeconds, usage.wallSeconds, usage.peakMiB, found);
  }
}

try {
  const bundle = write();
  console.log(`${COUNT} certificates, ${Math.ceil(COUNT / SHARED_EVERY)} of them with the key of another\n`);
  console.log(
    '| what | shared keys found | CPU s | wall s | peak MiB |\n| --- | ---: | ---: | ---: | ---: |',
  );
  judge(bundle);
  for (const [what, folder] of Object.entries(places)) scan(what, folder);
} finally {
  rmSync(base, { recursive: true, force: true });
}
