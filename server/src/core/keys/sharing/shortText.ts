import { visibleText } from '../../text/visibleText.ts';

const LONGEST = 80;

/** Who made the file chose this text. */
export function shortText(text: string): string {
  const visible = visibleText(text);
  return visible.length > LONGEST ? `${visible.slice(0, LONGEST)}…` : visible;
}
