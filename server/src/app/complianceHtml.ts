/** The compliance report as one page: nothing is loaded, nothing runs, and it prints as it is read. */
import type { Control, ControlState, Evidence } from '../core/report/complianceReport.ts';
import { plural } from '../core/text/instant.ts';
import type { ReportedPack } from './complianceReport.ts';

export const STATE_WORDS: Readonly<Record<ControlState, string>> = {
  kept: 'kept',
  broken: 'not kept',
  excepted: 'excepted',
  unknown: 'cannot be judged',
  'not-applicable': 'about nothing here',
  'not-yet': 'begins later',
};

/** Never by colour alone: a sign stands before the word. */
const SIGN: Readonly<Record<ControlState, string>> = {
  kept: '✓',
  broken: '✗',
  excepted: '◐',
  unknown: '?',
  'not-applicable': '–',
  'not-yet': '◷',
};

const STYLE = `
:root { color-scheme: light dark; --ink: #1b2430; --quiet: #55606e; --line: #d5dbe2; --page: #fff; --band: #f3f6f9;
  --kept: #17663a; --broken: #a3161f; --excepted: #7a4b00; --unknown: #5b3a8c; --link: #0b57a4; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e9ef; --quiet: #a3aebb; --line: #39424d; --page: #14191f; --band: #1c232b;
  --kept: #6fd39a; --broken: #ff8f8f; --excepted: #f2c063; --unknown: #c9a8ff; --link: #8cc2ff; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2.5rem 1.5rem 4rem; max-width: 68rem; background: var(--page); color: var(--ink);
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .25rem; } h2 { font-size: 1.25rem; margin: 2.5rem 0 .75rem; }
h3 { font-size: 1.05rem; margin: 0; } p { margin: .25rem 0; } .quiet { color: var(--quiet); } a { color: var(--link); }
code, .mono { font-family: ui-monospace, SFMono-Regular, Consolas, "Liberation Mono", monospace; font-size: .875em; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.25rem; margin: 1rem 0; } dt { color: var(--quiet); } dd { margin: 0; min-width: 0; }
table { width: 100%; border-collapse: collapse; margin: .75rem 0; } caption { text-align: left; color: var(--quiet); padding-bottom: .25rem; }
th, td { text-align: left; vertical-align: top; padding: .4rem .75rem .4rem 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
th { font-weight: 600; } thead th { color: var(--quiet); font-weight: 500; } th.state, td.state { white-space: nowrap; width: 11rem; }
.state-kept { color: var(--kept); } .state-broken { color: var(--broken); } .state-excepted { color: var(--excepted); } .state-unknown { color: var(--unknown); }
.state-not-applicable, .state-not-yet { color: var(--quiet); } .state { font-weight: 600; }
.totals { display: flex; flex-wrap: wrap; gap: .75rem; padding: 0; margin: 1.25rem 0; list-style: none; }
.totals li { background: var(--band); border: 1px solid var(--line); border-radius: .5rem; padding: .5rem .9rem; }
.totals b { display: block; font-size: 1.4rem; line-height: 1.2; }
section.control { border: 1px solid var(--line); border-radius: .5rem; padding: 1rem 1.25rem; margin: 1rem 0; }
section.control > header { display: flex; gap: 1rem; justify-content: space-between; align-items: baseline; }
ul.plain { list-style: none; margin: 0; padding: 0; }
@media print { :root { --page: #fff; --ink: #000; --quiet: #444; --line: #bbb; --band: #fff; --kept: #17663a; --broken: #a3161f; --excepted: #7a4b00; --unknown: #5b3a8c; --link: #000; }
  body { padding: 0; max-width: none; font-size: 10pt; } section.control, tr { break-inside: avoid; } h2, h3, thead { break-after: avoid; } @page { margin: 18mm; } }
`;

export function complianceHtml(report: ReportedPack): string {
  const { pack, project, now, tool, controls, notJudged, outOfScope } = report;
  const title = `${pack.name}: ${project}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${html(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>Compliance of ${html(project)}</h1>
<p class="quiet">by ${html(pack.name)}, as of <time datetime="${html(now)}">${html(now)}</time></p>
${totalsOf(report)}
<dl>
<dt>Pack</dt><dd>${html(pack.reference)}</dd>
<dt>Digest</dt><dd><code>${html(pack.digest)}</code></dd>
<dt>In force here</dt><dd>${html(pack.by === null ? 'no: it is only reported on' : `yes, asked for by the ${pack.by}`)}</dd>
<dt>Made by</dt><dd>${html(tool)}</dd>
</dl>
<h2 id="controls">Controls</h2>
${controlTable(controls)}
<h2 id="evidence">Evidence</h2>
${controls.map(controlSection).join('\n')}
<h2 id="not-judged">What manifests do not show</h2>
${
  notJudged.length === 0
    ? '<p>The pack names nothing of this sort.</p>'
    : `<table><thead><tr><th scope="col">Asked for</th><th scope="col">By</th><th scope="col">Why it is not judged here</th></tr></thead><tbody>${notJudged
        .map(
          ({ about, cites, why }) =>
            `<tr><th scope="row">${html(about)}</th><td>${html(cites ?? '')}</td><td>${html(why)}</td></tr>`,
        )
        .join('')}</tbody></table>`
}
<h2 id="out-of-scope">Identities that the pack is not about</h2>
${
  outOfScope.length === 0
    ? '<p>None: each identity is selected by one of its policies.</p>'
    : `<p>No policy of the pack selects ${html(plural(outOfScope.length, 'identity', 'identities'))}. Nothing is said of them.</p><ul>${outOfScope.map((each) => `<li class="mono">${html(each)}</li>`).join('')}</ul>`
}
</main>
</body>
</html>
`;
}

function totalsOf({ totals }: ReportedPack): string {
  const shown = (Object.keys(STATE_WORDS) as ControlState[]).filter((state) => totals[state] > 0);
  return `<ul class="totals" aria-label="Controls by state">${shown
    .map(
      (state) => `<li class="state-${state}"><b>${totals[state]}</b>${sign(state)}${STATE_WORDS[state]}</li>`,
    )
    .join('')}</ul>`;
}

function controlTable(controls: readonly Control[]): string {
  return `<table><caption>${plural(controls.length, 'control')}; each leads to its evidence</caption>
<thead><tr><th scope="col">Control</th><th scope="col">Broken where</th><th scope="col" class="state">State</th></tr></thead>
<tbody>${controls
    .map(
      ({ title, cites, rule, state }, place) =>
        `<tr><th scope="row"><a href="#control-${place + 1}">${html(cites ?? rule)}</a></th><td>${html(title)}</td><td class="state state-${state}">${sign(state)}${STATE_WORDS[state]}</td></tr>`,
    )
    .join('\n')}</tbody></table>`;
}

function controlSection(control: Control, place: number): string {
  const { title, id, rule, cites, state, source, evidence, upcoming, severity } = control;
  return `<section class="control" id="control-${place + 1}" aria-labelledby="title-${place + 1}">
<header><h3 id="title-${place + 1}">${html(cites ?? rule)}</h3><span class="state state-${state}">${sign(state)}${STATE_WORDS[state]}</span></header>
<p>Broken where: ${html(title)}.</p>
<p class="quiet"><code>${html(id)}</code> · ${html(severity)} · <code>${html(`${source.file}:${source.line}`)}</code></p>
${upcoming.map(({ from, broken }) => `<p>From <time datetime="${html(from)}">${html(from)}</time> on more is asked for: ${broken.length === 0 ? 'as things are now, all keep it' : `${html(plural(broken.length, 'identity', 'identities'))} would not keep it: <span class="mono">${html(broken.join(', '))}</span>`}.</p>`).join('')}
${evidence.length === 0 ? (state === 'not-yet' ? '' : '<p>No identity of this project is selected.</p>') : evidenceTable(evidence)}
</section>`;
}

function evidenceTable(evidence: readonly Evidence[]): string {
  return `<table><thead><tr><th scope="col">Identity</th><th scope="col" class="state">State</th><th scope="col">Evidence</th></tr></thead><tbody>${evidence
    .map(
      (each) =>
        `<tr><th scope="row"><span class="mono">${html(each.identity)}</span></th><td class="state state-${each.state}">${sign(each.state)}${STATE_WORDS[each.state]}</td><td>${evidenceText(each)}</td></tr>`,
    )
    .join('\n')}</tbody></table>`;
}

function evidenceText({ file, line, findings, exceptions, why }: Evidence): string {
  const parts = [
    ...(findings.length === 0 ? [`<code>${html(`${file}:${line}`)}</code>`] : []),
    ...(why === undefined ? [] : [html(why)]),
    ...findings.map(
      (each) =>
        `<code>${html(`${each.file}:${each.line}:${each.column}`)}</code> ${html(each.severity)}: ${html(each.message)}`,
    ),
    ...exceptions.map(
      ({ by, owner, until, reason, ...at }) =>
        `excepted until <time datetime="${html(until)}">${html(until)}</time> by a ${by}${owner === undefined ? '' : ` of ${html(owner)}`}: ${html(reason)} (<code>${html(`${at.file}:${at.line}`)}</code>)`,
    ),
  ];
  return `<ul class="plain">${parts.map((part) => `<li>${part}</li>`).join('')}</ul>`;
}

function sign(state: ControlState): string {
  return `<span aria-hidden="true">${SIGN[state]} </span>`;
}

function html(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
