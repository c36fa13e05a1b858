// Every text that the extension shows through `vscode.l10n.t`, as the bundle which translations start from.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { runInNewContext } from 'node:vm';

/** A call of `t`, however it was named: its text, or what stands there when that is no plain literal. */
const CALL = /(?<![\w$])t\(\s*(?:('(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")\s*[,)]|([^\s)][^\n]{0,40}))/g;

/** Text → text, in order. Throws where a text is not written down as it is: that one could never be translated. */
export function l10nBundle(folder) {
  const texts = new Set();
  for (const file of readdirSync(folder, { recursive: true }).filter((each) => each.endsWith('.ts'))) {
    for (const [, literal, other] of readFileSync(path.join(folder, file), 'utf8').matchAll(CALL)) {
      if (other !== undefined) throw new Error(`${path.join(folder, file)}: t(${other} is no plain text`);
      texts.add(runInNewContext(literal));
    }
  }
  return Object.fromEntries([...texts].sort().map((text) => [text, text]));
}
