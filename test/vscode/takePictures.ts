/**
 * Takes the pictures of README and docs in a real VS Code: `npx tsx test/vscode/takePictures.ts`. Needs test/vscode/install
 * and, to look as they do, Debian's fonts-inter and fonts-jetbrains-mono. Not a test: run it when the looks changed.
 */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { issueSample } from './issueSample.ts';
import { copySamples } from './sampleFolder.ts';

/** How many days ago each was issued: so that the tree has something of everything. */
const ISSUED: readonly (readonly [identity: string, daysAgo: number])[] = [
  ['Certificate/platform/firmware-signing', 92],
  ['Certificate/payments/ledger-db', 86],
  ['Certificate/platform/build-runner', 1],
  ['Certificate/payments/ledger-client', 2],
  ['Certificate/tracking/parcel-events', 3],
  ['Certificate/depots/gate-controller', 5],
];
/** The interface in Inter; VS Code itself asks for the system's font. */
const FONTS = `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<include ignore_missing="yes">/etc/fonts/fonts.conf</include>
${['system-ui', 'sans-serif']
  .map(
    (family) =>
      `<match target="pattern"><test name="family"><string>${family}</string></test><edit name="family" mode="prepend" binding="strong"><string>Inter</string></edit></match>`,
  )
  .join('\n')}
</fontconfig>`;

const samples = copySamples();
const passphrase = randomBytes(16).toString('hex');
const fonts = path.join(samples.root, 'fonts.conf');
writeFileSync(fonts, FONTS);
try {
  for (const [identity, daysAgo] of ISSUED) await issueSample(samples, identity, passphrase, daysAgo);
  const environment = Object.entries({ ...samples.environment, IDAC_PASSPHRASE: passphrase });
  const { status } = spawnSync(
    process.execPath,
    [
      path.join(import.meta.dirname, 'runInCodeServer.mjs'),
      ...['--ui', path.join(import.meta.dirname, 'ui/pictures.mjs'), '--workspace', samples.workspace],
      ...environment.flatMap(([name, value]) => ['--env', `${name}=${value}`]),
    ],
    { stdio: 'inherit', env: { ...process.env, FONTCONFIG_FILE: fonts } },
  );
  process.exitCode = status ?? 1;
} finally {
  samples.remove();
}
