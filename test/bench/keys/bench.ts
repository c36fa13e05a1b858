/**
 * How long keys that are shared take to be found: `npm run bench:keys`. Certificates are made, in one bundle, in files of a hundred
 * and in a file each, and the built command line scans them; beside it what walking, reading and judging them takes.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { contentScanner } from '../../../server/src/app/scan/contentScanner.ts';
import { openScanner } from '../../../server/src/app/scan/openScanner.ts';
import { placesOfSeveral } from '../../../server/src/app/scan/sharedKeysOf.ts';
import { walkCertificate } from '../../../server/src/core/credential/certificateWalk.ts';
import { certificateFacts } from '../../../server/src/core/credential/certifiedKey.ts';
import { readDer } from '../../../server/src/core/credential/der.ts';
import { nameText } from '../../../server/src/core/credential/distinguishedName.ts';
import type { KeyPack } from '../../../server/src/core/keys/keyPack.ts';
import { sharedKeys } from '../../../server/src/core/keys/sharing/sharedKeys.ts';
import { nodeHasher } from '../../../server/src/platform/crypto/hasher.ts';
import { REPOSITORY } from '../../support/idac.ts';
import { measure } from '../secrets/measure.ts';
import { certificates, SHARED_EVERY } from './certificates.ts';

const { values } = parseArgs({ options: { certificates: { type: 'string', default: '100000' } } });
const COUNT = Number(values.certificates);
const PER_FILE = 100;
const PER_FOLDER = 1000;
const RUNS = 3;
/** As a file is read. */
const CHUNK = 256 * 1024;

const base = mkdtempSync(path.join(tmpdir(), 'idac-bench-keys-'));
const places = {
  'one bundle': path.join(base, 'bundle'),
  'a hundred in a file': path.join(base, 'hundreds'),
  'a file each': path.join(base, 'files'),
};

function pem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

function write(ders: readonly Buffer[]): Buffer {
  const all = ders.map(pem);
  for (const folder of Object.values(places)) mkdirSync(folder);
  for (const [number, text] of all.entries()) {
    const folder = path.join(places['a file each'], String(Math.floor(number / PER_FOLDER)));
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, `${number}.crt`), text);
  }
  for (let first = 0; first < all.length; first += PER_FILE)
    writeFileSync(
      path.join(places['a hundred in a file'], `${first}.pem`),
      all.slice(first, first + PER_FILE).join(''),
    );
  const bundle = Buffer.from(all.join(''));
  writeFileSync(path.join(places['one bundle'], 'bundle.pem'), bundle);
  return bundle;
}

function row(what: string, found: number, cpu: number, wall: number, peak?: number): void {
  const memory = peak === undefined ? '' : Math.round(peak);
  console.log(`| ${what} | ${found} | ${cpu.toFixed(2)} | ${wall.toFixed(2)} | ${memory} |`);
}

function timed<Result>(
  what: string,
  work: () => Result,
  count: (result: Result) => number,
): Result | undefined {
  let last: Result | undefined;
  for (let run = 0; run < RUNS; run += 1) {
    const [started, used] = [performance.now(), process.cpuUsage()];
    const result = work();
    const cpu = process.cpuUsage(used);
    row(what, count(result), (cpu.user + cpu.system) / 1e6, (performance.now() - started) / 1000);
    last = result;
  }
  return last;
}

/** The bundle as a scan reads it, without the rest of the command. */
function read(bundle: Buffer): readonly KeyPack[] {
  const content = contentScanner(openScanner());
  content.begin('bundle.pem', bundle.length);
  for (let at = 0; at < bundle.length; at += CHUNK) content.write(bundle.subarray(at, at + CHUNK));
  return content.end().keys;
}

function judge(keys: readonly KeyPack[]): number {
  const several = placesOfSeveral({ keys, scanned: base, onDisk: true }, new Map());
  return sharedKeys({ places: several }).length;
}

function walkWithNames(der: Buffer): unknown {
  const walk = walkCertificate(der);
  if (walk === undefined) throw new Error('a certificate that was made is not read');
  const { notBefore, notAfter, spki, spkiEnd, issuer, subject } = walk;
  const textAt = (at: number) => nameText(readDer(der, at), 'a name');
  return [notBefore, notAfter, der.subarray(spki, spkiEnd), textAt(issuer), textAt(subject)];
}

function inProcess(ders: readonly Buffer[], bundle: Buffer): void {
  const count = (some: readonly unknown[]): number => some.length;
  timed('walked: key, dates and where the names stand', () => ders.map(walkCertificate), count);
  timed('walked, and both names as text', () => ders.map(walkWithNames), count);
  timed(
    'facts: key, dates and names read',
    () => ders.map((der) => certificateFacts(der, nodeHasher)),
    count,
  );
  timed('the bundle read and judged', () => judge(read(bundle)), Number);
  const keys = read(bundle);
  timed('keys that were read, judged', () => judge(keys), Number);
}

/** `fresh`: nothing is known from an earlier scan. */
function scan(what: string, folder: string, fresh: boolean): void {
  const idac = [process.execPath, path.join(REPOSITORY, 'server/bin/idac.mjs'), 'scan', '--format', 'json'];
  const state = path.join(base, 'state');
  for (let run = 0; run < RUNS; run += 1) {
    if (fresh) rmSync(state, { recursive: true, force: true });
    const { out, err, usage } = measure(['env', `IDAC_STATE_HOME=${state}`, ...idac], folder);
    if (usage === undefined) throw new Error(`GNU time is not installed, or ${err}`);
    const { findings } = JSON.parse(out) as { readonly findings: readonly { readonly rule: string }[] };
    const found = findings.filter(({ rule }) => rule === 'key/shared').length;
    row(`idac scan, ${what}`, found, usage.cpuSeconds, usage.wallSeconds, usage.peakMiB);
  }
}

try {
  const ders = [...certificates(COUNT)];
  const bundle = write(ders);
  console.log(`${COUNT} certificates, ${Math.ceil(COUNT / SHARED_EVERY)} of them with the key of another\n`);
  console.log('| what | found | CPU s | wall s | peak MiB |\n| --- | ---: | ---: | ---: | ---: |');
  inProcess(ders, bundle);
  for (const [what, folder] of Object.entries(places)) scan(what, folder, true);
  scan('a file each, once more', places['a file each'], false);
} finally {
  rmSync(base, { recursive: true, force: true });
}
