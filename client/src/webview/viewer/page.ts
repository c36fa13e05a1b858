import type { More, Wanted } from './credential.ts';
import type { FromPage, ViewerStrings } from './messages.ts';

/** What every part of the page is given. */
export interface Page {
  readonly strings: ViewerStrings;
  send(message: FromPage): void;
  /** Undefined: what was read is gone; the whole comes anew by itself. */
  ask(wanted: Wanted): Promise<More | undefined>;
  /** Tells what happened to who does not see it. */
  say(text: string): void;
  /** Opens a card and goes to it. */
  reveal(card: number): void;
}
