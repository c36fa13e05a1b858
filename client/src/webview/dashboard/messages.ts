/** What the extension and the page say to each other. Compiled for both, so it knows neither. */

export interface DashboardStrings {
  readonly heading: string;
  readonly identities: string;
}

export interface ToPage {
  readonly type: 'figures';
  readonly identities: number;
}

export interface FromPage {
  readonly type: 'refresh';
}

export function readFromPage(message: unknown): FromPage | undefined {
  return typeof message === 'object' && message !== null && 'type' in message && message.type === 'refresh'
    ? { type: 'refresh' }
    : undefined;
}
