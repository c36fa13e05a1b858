/** What stands after the name of a setting, in whatever a setting is written: properties, YAML, JSON, HCL, XML, a shell, source. */
export interface SettingValue {
  readonly value: string;
  /** In the text, without quotes. */
  readonly start: number;
  readonly end: number;
  readonly isQuoted: boolean;
}

export type Blank = 'any' | 'quoted';

/** `variable "x" { default = "…" }`, `{"value": "…"}`, `{inline_string: …}`, a parameter of CloudFormation with its default. */
const NESTED = String.raw`[ \t]*\{[^{}"']{0,200}?\bdefault[ \t]*=[ \t]*(?=")|[ \t]*[:=][ \t]*\{\s{0,80}"?(?:value|inline_string)"?[ \t]*[:=][ \t]*|:[ \t]*\r?\n(?:[ \t]+(?:Type|Description|NoEcho|MinLength|MaxLength|AllowedPattern|ConstraintDescription):[^\n]{0,200}\n){0,6}[ \t]+Default:[ \t]*`;
const NEXT_LINE = String.raw`[ \t]*:?[ \t]*\r?\n[ \t]*(?:value|inline_string|plain|text):[ \t]*`;
const XML_ATTRIBUTE = String.raw`[ \t]+(?:value|default|content)[ \t]*=[ \t]*|[ \t]+[\w:]{1,20}="[^"\n]{0,40}">`;
const XML_ELEMENT = String.raw`<\/[\w:]{1,20}>\s{0,80}<(?:\w{1,20}:)?(?:value|string)\b[^>\n]{0,60}>|>\s{0,80}<value>`;
const JSON_PAIR = String.raw`,\s{0,80}\\*"(?:value|val|default)\\*"[ \t]*:[ \t]*`;
const ASSIGNED = String.raw`(?:\[\w{0,20}\]|\])?\)?[ \t]*(?:=>|:{1,3}=|[?.+]=|==?|:(?![:/]))[ \t]*|>\s{0,80}`;
/**
 * `": "`, ` = `, `>` of an element, `", "` of arguments, ` => `, `" value="` of XML, `value:` in the line below as Kubernetes has
 * it, `</key><string>` of a property list, `", "value": "` of a list of settings; a blank alone is read where an option or a
 * directive has it.
 */
const BETWEEN = new RegExp(
  String.raw`\\*["'\`]?(?:${NESTED}|${XML_ATTRIBUTE}|${XML_ELEMENT}|${JSON_PAIR}|${NEXT_LINE}|${ASSIGNED}|[ \t]*,[ \t]*(?:<<)?(?=\\*["'\`])|[ \t]+)`,
  'iy',
);
/** What makes a value of a literal, and is no look-up by its name: `b"x"`, `[]byte("x")`, `(char *)"x"`, `SecretStr("x")`. */
export const WRAPPER = String.raw`(?:[bL@NEu]|r|u8|rb|br|(?:new +)?(?:\[\]byte|bytes|bytearray|Some|str|std::string|String(?:::from)?|Secret(?:Str|String|Vec|::new|::from)|ClientSecret(?:::new)?|(?:Auth)?P(?:assword|in)(?:::new)?|Buffer\.from|sensitive|unsafePlainText)\(|\([\w *:]{1,30}\)[ \t]*)`;
/** Types stand there, too: `password: string = "x"`. */
const TYPE = new RegExp(
  String.raw`(?:(?:string|str|bytes|char|&(?:'static )?str)\s*=\s*)?${WRAPPER}{0,2}(?=["'\`])`,
  'iy',
);
const NEXT_ARGUMENT = /,[ \t]*$/;
/** `ENV NAME value` of a Dockerfile, `setenv NAME value` of a shell. */
const ENVIRONMENT = /(?:^|\n)[ \t]*(?:ENV|ARG|setenv|SetEnv|setx|set -x)[ \t]+[\w.]*$/;
/** `NAME=value command`. */
const FOR_COMMAND = /(?:^|[\n;&|(]|\b(?:env|sudo|export))[ \t]*(?:\w+=\S*[ \t]+)*\w*$/;
const OPENING = /(\\*)(["'`])/y;
const BARE = /(?:[^\s"'`,;<>&|\\]|\\(?!["'`nrt]))+/y;
/** After a value without quotes comes the end, a comment, the next option or what closes; a further word makes it a sentence. */
const AFTER_BARE = /^(?:[\\"'`,;<&|)}\]]|[ \t]*$|[ \t]*\r?\n|[ \t]+(?:[-#;/\\&|>}]|\S+[=:]))/;
const LONGEST = 4096;

/** `after`: where the name ends. `blank`: whether `name value` is an assignment, too, and whether it wants quotes. */
export function settingValueAt(text: string, after: number, blank?: Blank): SettingValue | undefined {
  BETWEEN.lastIndex = after;
  const [between] = BETWEEN.exec(text) ?? [];
  if (between === undefined || (NEXT_ARGUMENT.test(between) && !isArgument(text, after))) return undefined;
  let start = after + between.length;
  TYPE.lastIndex = start;
  const type = TYPE.exec(text)?.[0] ?? '';
  start += type.length;
  // `var password string = "x"`: what follows the name's blank is its type.
  const isBlank = !type.includes('=') && (between.trim() === '' || /^["'`]$/.test(between.trim()));
  OPENING.lastIndex = start;
  const [opening, escapes = '', quote = ''] = OPENING.exec(text) ?? [];
  if (opening !== undefined && (!isBlank || blank !== undefined)) {
    start += opening.length;
    const rest = text.slice(start, start + LONGEST);
    const length = rest.indexOf(escapes + quote);
    const value = rest.slice(0, length);
    if (length === -1 || value.includes('\n')) return undefined;
    return { value, start, end: start + length, isQuoted: true };
  }
  const before = text.slice(Math.max(0, after - 120), after);
  if (isBlank && blank !== 'any' && !ENVIRONMENT.test(before)) return undefined;
  BARE.lastIndex = start;
  const [value] = BARE.exec(text) ?? [];
  if (value === undefined || value.length > LONGEST) return undefined;
  const end = start + value.length;
  const isWhole = AFTER_BARE.test(text.slice(end, end + 80)) || (between === '=' && FOR_COMMAND.test(before));
  return isWhole ? { value, start, end, isQuoted: false } : undefined;
}

/** `put("a.password", "…")`, `["--pin", "…"]`: in any other list what comes next is another name. */
function isArgument(text: string, after: number): boolean {
  return /(?:\(\s*\\*["'`][\w.-]*|\\*["'`]-[\w-]*)$/.test(text.slice(Math.max(0, after - 80), after));
}
