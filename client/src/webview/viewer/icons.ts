import type { Tone } from './credential.ts';

/** Shapes that differ without their colour. Words beside them say the same, so they are not read aloud. */
const SHAPES: Readonly<Record<Tone | 'copy' | 'key' | 'missing', string>> = {
  good: 'M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1zm3.4 5.1-4 4.6-.7.1-2.2-2 .7-.9 1.8 1.7 3.6-4.2z',
  attention:
    'M8 1.4 15.2 14H.8zm0 4.1c-.4 0-.7.3-.7.7l.2 3.4h1l.2-3.4c0-.4-.3-.7-.7-.7zm0 5.3a.8.8 0 1 0 0 1.6.8.8 0 0 0 0-1.6z',
  bad: 'M5 1h6l4 4v6l-4 4H5l-4-4V5zm.5 3.8-.7.7L7.3 8l-2.5 2.5.7.7L8 8.7l2.5 2.5.7-.7L8.7 8l2.5-2.5-.7-.7L8 7.3z',
  plain:
    'M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1zm0 1.2a5.8 5.8 0 1 1 0 11.6A5.8 5.8 0 0 1 8 2.2zM7.4 7h1.2v4.5H7.4zM8 4.4a.8.8 0 1 1 0 1.6.8.8 0 0 1 0-1.6z',
  missing:
    'M4 7.4h8v1.2H4zM8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1zm0 1.2a5.8 5.8 0 1 1 0 11.6A5.8 5.8 0 0 1 8 2.2z',
  copy: 'M5 2h8v9h-1.2V3.2H5zM3 5h7v9H3zm1.2 1.2v6.6h4.6V6.2z',
  key: 'M10.5 1.5a4 4 0 0 0-3.8 5.2L1.5 12v2.5H4V13h1.5v-1.5H7l1.3-1.3a4 4 0 1 0 2.2-8.7zm1 2.2a1.3 1.3 0 1 1 0 2.6 1.3 1.3 0 0 1 0-2.6z',
};

const SVG = 'http://www.w3.org/2000/svg';

export function icon(shape: keyof typeof SHAPES): SVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('class', `icon ${shape}`);
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', SHAPES[shape]);
  path.setAttribute('fill-rule', 'evenodd');
  svg.append(path);
  return svg;
}
