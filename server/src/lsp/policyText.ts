import path from 'node:path';
import type { Finding, PolicySource } from '../core/finding.ts';
import { isIdentityKind } from '../core/identity/identityId.ts';
import { documentAt } from '../core/manifest/documentAt.ts';
import { formatPath, type ManifestPath } from '../core/manifest/path.ts';
import type { IdentityResource, Resource } from '../core/manifest/resource.ts';
import { sourceOf } from '../core/policy/boundPolicy.ts';
import { type Defaults, defaultsFor, type Given, giverOf } from '../core/policy/defaults.ts';
import type { FieldAsk } from '../core/policy/fieldAsks.ts';
import { comparePositions } from '../core/text/lineIndex.ts';
import type { Position } from '../core/text/position.ts';
import { visible } from '../core/text/visible.ts';
import type { FileAt } from './fileAt.ts';
import { escapeMarkdown } from './markdown.ts';
import type { OpenedProject } from './projects.ts';

/**
 * What policies ask of a field of the manifest on a line, and what is filled in, as hover and the documentation of a completion
 * show it. `position`: what is not kept there is told, too.
 */
export function policiesOn(
  at: FileAt | undefined,
  line: number,
  field: ManifestPath,
  isMarkdown: boolean,
  position?: Position,
): string {
  const resource = at && documentAt(at.file, line)?.resource;
  if (at === undefined || resource === undefined || !isIdentityKind(resource.kind)) return '';
  const { opened } = at;
  const { workspace } = opened.project;
  const index = workspace.index();
  const broken =
    position === undefined || !resource.usable
      ? []
      : workspace
          // The kind decides the type of the specification.
          .verdictsOn(resource as unknown as IdentityResource)
          .filter(
            ({ range: { start, end } }) =>
              comparePositions(start, position) <= 0 && comparePositions(position, end) <= 0,
          );
  const descriptionOf = ({ name, file }: PolicySource): string | undefined =>
    [...index.policies(), ...workspace.outsidePolicies().map((each) => each.resource)].find(
      (each) => each.name === name && each.file === file,
    )?.spec.description;
  const told = withBroken(askedBy(workspace.asksOf(resource)(field)), broken, descriptionOf);
  return [
    defaultText(defaultsFor(resource, index), field, opened, isMarkdown),
    ...told.map((each) => toldText(each, opened, isMarkdown)),
  ]
    .filter((text) => text !== '')
    .join('\n\n');
}

/** What counts where the field is left out, and who says so. */
function defaultText(
  { fields }: Defaults,
  path: ManifestPath,
  opened: OpenedProject,
  isMarkdown: boolean,
): string {
  const field = fields.find((each) => formatPath(each.path) === formatPath(path));
  if (field === undefined) return '';
  const who = (given: Given): string =>
    `${shown(giverOf(given), isMarkdown)} (${placeText(given.by, given.at, opened, isMarkdown)})`;
  const { given, conflict } = field;
  const sentences = [
    ...(conflict.length === 0
      ? []
      : [`Policies fill in different values, so none of them counts: ${conflict.map(who).join(', ')}.`]),
    ...(given === undefined
      ? []
      : [`Left out, it is ${shown(JSON.stringify(given.value), isMarkdown)} by ${who(given)}.`]),
  ];
  return sentences.join(' ');
}

function shown(text: string, isMarkdown: boolean): string {
  return isMarkdown ? escapeMarkdown(text) : visible(text);
}

/** Leads to the line where somebody says it. */
function placeText(
  resource: Pick<Resource, 'file' | 'locate'>,
  at: ManifestPath,
  opened: OpenedProject,
  isMarkdown: boolean,
): string {
  const { file } = resource;
  return lineText(file, resource.locate(at, 'key').start.line + 1, opened, isMarkdown);
}

function lineText(file: string, line: number, opened: OpenedProject, isMarkdown: boolean): string {
  const place = shown(`${path.posix.basename(file)}:${line}`, isMarkdown);
  return isMarkdown ? `[${place}](<${opened.uriOf(file)}#L${line}>)` : place;
}

/** What one policy asks of a field by one rule. */
interface Told {
  readonly rule: string;
  readonly policy: PolicySource;
  readonly description: string | undefined;
  readonly says: readonly string[];
}

/** Policies are texts of other people. */
function toldText({ policy, description, says }: Told, opened: OpenedProject, isMarkdown: boolean): string {
  const { name, origin, file, range, cites } = policy;
  const title = shown(`Policy ${name}${origin === 'project' ? '' : ` from ${origin}`}`, isMarkdown);
  const place = lineText(file, range.start.line + 1, opened, isMarkdown);
  const sentences = [
    ...(description === undefined ? [] : [description]),
    ...says,
    ...(cites === undefined ? [] : [`It cites ${cites}.`]),
  ].map((each) => shown(each, isMarkdown));
  return isMarkdown
    ? `**${title}** (${place})\n\n${sentences.map((each) => `- ${each}`).join('\n')}`
    : [`${title} (${place})`, ...sentences].join('\n');
}

/** What one policy asks by one rule is told together. */
function askedBy(asks: readonly FieldAsk[]): readonly Told[] {
  const told = new Map<FieldAsk['ask'], Told>();
  for (const { ask, at, required, forbidden, says } of asks) {
    const own = [
      ...(required === true ? ['It is required.'] : []),
      ...(forbidden === true ? ['It must not be there.'] : []),
      ...says,
    ];
    if (own.length === 0) continue;
    const before = told.get(ask);
    const { resource } = ask.policy;
    const range = resource.locate([...ask.path, ...at], 'key');
    told.set(ask, {
      rule: ask.rule,
      policy: before?.policy ?? { ...sourceOf(ask), range },
      description: resource.spec.description,
      says: [...(before?.says ?? []), ...own],
    });
  }
  return [...told.values()];
}

/** With what is not kept: by a rule that says nothing of a field before it is judged, too. */
function withBroken(
  told: readonly Told[],
  broken: readonly Finding[],
  descriptionOf: (policy: PolicySource) => string | undefined,
): readonly Told[] {
  const all = [...told];
  for (const { rule, policy } of broken) {
    if (policy === undefined) continue;
    const words = `It is not kept here (${rule}).`;
    const same = (each: Told): boolean =>
      each.rule === rule && each.policy.name === policy.name && each.policy.file === policy.file;
    const place = all.findIndex(same);
    const known = all[place];
    if (known === undefined) all.push({ rule, policy, description: descriptionOf(policy), says: [words] });
    else if (!known.says.includes(words)) all[place] = { ...known, says: [...known.says, words] };
  }
  return all;
}
