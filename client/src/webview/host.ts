/** The page's end of the channel to the extension (webviewPage.ts), and the words that it was given. */

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): VsCodeApi;

export interface Host<FromPage, State> {
  send(message: FromPage): void;
  /** Kept while the page is hidden, and over a reload of the window. */
  readonly state: { get(): unknown; set(state: State): void };
}

/** May be called once. What comes is the extension's own, so it is taken as it is. */
export function connect<ToPage, FromPage, State = never>(
  receive: (message: ToPage) => void,
): Host<FromPage, State> {
  const api = acquireVsCodeApi();
  window.addEventListener('message', ({ data }: MessageEvent<ToPage>) => receive(data));
  // The first thing that is said. Whoever hears it answers with everything.
  api.postMessage({ type: 'ready' });
  return {
    send: (message) => api.postMessage(message),
    state: { get: () => api.getState(), set: (state) => api.setState(state) },
  };
}

/** What the extension wrote into the page: every word, in the editor's language. */
export function pageStrings<Strings>(): Strings {
  return JSON.parse(document.getElementById('strings')?.textContent ?? '{}') as Strings;
}

/** `{0}` and its like, as in vscode.l10n.t. */
export function fill(text: string, ...values: readonly (string | number)[]): string {
  return text.replace(/\{(\d+)\}/g, (whole, place: string) => {
    const value = values[Number(place)];
    return value === undefined ? whole : typeof value === 'number' ? numbers.format(value) : value;
  });
}

const numbers = new Intl.NumberFormat(document.documentElement.lang);

export function formatNumber(value: number): string {
  return numbers.format(value);
}

const plurals = new Intl.PluralRules(document.documentElement.lang);

/** The form that fits the number, which stands as `{0}`. */
export function counted(
  forms: { readonly one: string; readonly many: string },
  count: number,
  ...values: readonly (string | number)[]
): string {
  return fill(plurals.select(count) === 'one' ? forms.one : forms.many, count, ...values);
}
