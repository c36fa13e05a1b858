import { formatPath, type ManifestPath } from '../core/manifest/path.ts';
import type { FieldDescription } from '../core/schema/describe.ts';
import { ANY_IDENTITY } from '../core/schema/references.ts';

const MOST_FIELDS = 20;

/** A field as hover shows it. Titles and descriptions come from our own schemas, so they are Markdown as they stand. */
export function fieldText(path: ManifestPath, field: FieldDescription): string {
  const parts = [
    `**${path.length === 0 ? field.title : formatPath(path)}** (${[field.type, ...(field.required ? ['required'] : [])].join(', ')})`,
  ];
  if (field.description !== '') parts.push(field.description);
  const facts: string[] = [];
  if (field.references !== undefined) {
    facts.push(
      `Names ${field.references === ANY_IDENTITY ? 'an identity' : `a ${field.references}`}${field.role === undefined ? '' : ` that is a ${field.role}`}.`,
    );
  }
  if (field.enum.length > 0) facts.push(`One of ${field.enum.map(code).join(', ')}.`);
  if (field.default !== undefined) facts.push(`Default: ${code(JSON.stringify(field.default))}.`);
  if (field.examples.length > 0) {
    facts.push(`For example ${field.examples.map((example) => code(JSON.stringify(example))).join(', ')}.`);
  }
  if (field.fields.length > 0 && field.fields.length <= MOST_FIELDS) {
    facts.push(`Fields: ${field.fields.map(code).join(', ')}.`);
  }
  if (facts.length > 0) parts.push(facts.join('  \n'));
  return parts.join('\n\n');
}

function code(text: string): string {
  return `\`${text}\``;
}
