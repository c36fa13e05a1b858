/**
 * Puts new pictures into README and docs: `npx tsx test/vscode/takePictures.ts`. It tells the story (ui/story.test.mjs), which
 * leaves them, and copies them to docs/images. Needs test/vscode/install and, to look as they do, Debian's fonts-inter and
 * fonts-jetbrains-mono. Run it when the looks changed.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const repository = path.resolve(import.meta.dirname, '../..');
const taken = path.join(repository, 'test/out/story');
const shown = path.join(repository, 'docs/images');
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

const scratch = mkdtempSync(path.join(tmpdir(), 'idac-pictures-'));
try {
  const fonts = path.join(scratch, 'fonts.conf');
  writeFileSync(fonts, FONTS);
  rmSync(taken, { recursive: true, force: true });
  const { status } = spawnSync(
    process.execPath,
    [path.join(repository, 'node_modules/mocha/bin/mocha.js'), 'test/vscode/ui/story.test.mjs'],
    { cwd: repository, stdio: 'inherit', env: { ...process.env, FONTCONFIG_FILE: fonts } },
  );
  // Pictures of a story that went wrong are for nobody.
  if (status === 0)
    for (const picture of readdirSync(taken))
      copyFileSync(path.join(taken, picture), path.join(shown, picture));
  process.exitCode = status ?? 1;
} finally {
  rmSync(scratch, { recursive: true });
}
