import { formatDay } from '../text/instant.ts';
import type { ComplianceReport, Control, PolicyEvidence } from './report.ts';

const STYLE =
  'body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#1b2733}h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.35rem .6rem;border-bottom:1px solid #d5dce3}td.n,th.n{text-align:right}.bad{color:#a4161a}.ok{color:#1b6e3c}.quiet{color:#5b6b7a}@media(prefers-color-scheme:dark){body{background:#111820;color:#dbe4ec}th,td{border-color:#2b3947}.bad{color:#ff8f8f}.ok{color:#7ed3a0}.quiet{color:#93a3b3}}';

/** One file without anything from elsewhere: no script, no font, no picture. The same report gives the same text. */
export function complianceHtml(report: ComplianceReport): string {
  const { project, now, identities, unreadable, policies } = report;
  const unread = unreadable === 0 ? '' : `, ${unreadable} of them in manifests that cannot be read`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(project)}: compliance</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${escaped(project)}: compliance as of ${formatDay(now)}</h1>
<p>${identities} identities${unread}. Each control is a rule of a policy that is in force; its evidence is what each identity that the policy selects declares.</p>
${policies.map(policyHtml).join('\n')}
</body>
</html>
`;
}

function policyHtml({ policy, source, digest, controls }: PolicyEvidence): string {
  const from = `${escaped(source)}${digest === null ? '' : `, <code>${escaped(digest)}</code>`}`;
  if (controls.length === 0)
    return `<h2>${escaped(policy)}</h2>\n<p class="quiet">${from}: it is asked of nobody here.</p>`;
  return `<h2>${escaped(policy)}</h2>
<p class="quiet">${from}</p>
<table>
<thead><tr><th>Control</th><th>Paragraph</th><th class="n">Asked</th><th class="n">Kept</th><th class="n">Waived</th><th class="n">Not kept</th></tr></thead>
<tbody>
${controls.map(controlHtml).join('\n')}
</tbody>
</table>`;
}

function controlHtml({ rule, cites, asked, kept, waived, shortfalls }: Control): string {
  const cell = (count: number, name = '') => `<td class="n${name}">${count}</td>`;
  const row = `<tr><td><code>${escaped(rule)}</code></td><td>${escaped(cites ?? '')}</td>${cell(asked)}${cell(kept, ' ok')}${cell(waived)}${cell(shortfalls.length, shortfalls.length > 0 ? ' bad' : '')}</tr>`;
  if (shortfalls.length === 0) return row;
  const each = shortfalls.map(
    ({ identity, owner, file, line, message }) =>
      `<li>${escaped(identity)} <span class="quiet">(${escaped(owner ?? 'nobody')}, ${escaped(file)}:${line})</span>: ${escaped(message)}</li>`,
  );
  return `${row}\n<tr><td colspan="6"><ul>${each.join('')}</ul></td></tr>`;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
