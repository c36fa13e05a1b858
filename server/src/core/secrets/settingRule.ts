import type { RuleMeta } from '../rules/rule.ts';
import type { Detection, Detector, Suspect } from './detector.ts';
import { isSecretValue, isSourceFile } from './secretValue.ts';
import { type Blank, settingValueAt } from './settingValue.ts';

export interface Setting {
  /** ASCII, in whatever case; what stands before is of no account, such as a prefix of the product. */
  readonly names: readonly string[];
  /** `the PIN of a token`. */
  readonly what: string;
  /** More than that it is neither a reference nor a word that stands for a value. */
  holds?(value: string, suspect: Suspect): boolean;
  /** `--pin 1`, `storePassword "x"`: no sign has to stand between. */
  readonly blank?: Blank;
  /** `pass:` of OpenSSL: not a part of the secret. */
  readonly before?: string;
  readonly rule?: RuleMeta;
}

/** Settings whose name says that their value is a secret. A longer name, such as one that ends in `-file`, is another setting. */
export function settingsOf(rule: RuleMeta, settings: readonly Setting[]): Detector {
  const byName = new Map(
    settings.flatMap((setting) => setting.names.map((name) => [name.toLowerCase(), setting] as const)),
  );
  const names = [...byName.keys()].sort((a, b) => b.length - a.length);
  const form = new RegExp(names.map((name) => name.replaceAll(/[.*+?^$()|[\]\\]/g, '\\$&')).join('|'), 'iy');
  return {
    rules: [...new Set(settings.map((each) => each.rule ?? rule))],
    keywords: names,
    reach: 'near',
    *find(suspect): Generator<Detection> {
      const { text, at, path } = suspect;
      form.lastIndex = at;
      const [name = ''] = form.exec(text) ?? [];
      const setting = byName.get(name.toLowerCase());
      if (setting === undefined) return;
      const after = at + name.length;
      if (/[A-Za-z0-9]/.test(name.at(-1) ?? '') && /[\w-]/.test(text[after] ?? '')) return;
      const found = settingValueAt(text, after, setting.blank);
      if (found === undefined || (!found.isQuoted && isSourceFile(path))) return;
      const { before = '', holds = (value: string) => isSecretValue(value, path) } = setting;
      const start = found.start + (found.value.startsWith(before) ? before.length : 0);
      if (!holds(text.slice(start, found.end), suspect)) return;
      yield { rule: setting.rule ?? rule, what: setting.what, start, end: found.end };
    },
  };
}
