import { shape } from '../element.ts';
import type { Span } from './figures.ts';

const PATHS: Readonly<Record<Span | 'due', string>> = {
  expired:
    'M6 .5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0-11M3.9 3.2 6 5.3l2.1-2.1.7.7L6.7 6l2.1 2.1-.7.7L6 6.7 3.9 8.8l-.7-.7L5.3 6 3.2 3.9Z',
  within7Days: 'M6 .8 11.6 11H.4ZM5.5 4.6h1v3.2h-1ZM5.5 8.6h1v1h-1Z',
  within30Days: 'M6 .4 11.6 6 6 11.6.4 6ZM6 1.9 1.9 6 6 10.1Z',
  within90Days: 'M6 .5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0-11M6 1.5a4.5 4.5 0 1 1 0 9Z',
  later: 'M6 .5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0-11M6 1.5a4.5 4.5 0 1 1 0 9a4.5 4.5 0 1 1 0-9',
  due: 'M6 .5a5.5 5.5 0 1 0 0 11a5.5 5.5 0 1 0 0-11M6 1.5a4.5 4.5 0 1 1 0 9a4.5 4.5 0 1 1 0-9M5.5 3h1v3h2.2v1H5.5Z',
};

/** Each has a form of its own; the colour only repeats it. */
export function spanGlyph(span: Span | 'due'): SVGElement {
  return shape(
    'svg',
    { class: `glyph ${span}`, viewBox: '0 0 12 12', width: 12, height: 12, 'aria-hidden': 'true' },
    shape('path', { d: PATHS[span], 'fill-rule': 'evenodd' }),
  );
}
