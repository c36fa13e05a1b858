import '../base.css';
import { element } from '../element.ts';
import { connect, fill, pageStrings } from '../host.ts';
import type { DashboardStrings, FromPage, ToPage } from './messages.ts';

const strings = pageStrings<DashboardStrings>();
const count = element('p', { class: 'muted', role: 'status' });

document.getElementById('page')?.append(element('h1', {}, strings.heading), count);
connect<ToPage, FromPage>(({ identities }) => {
  count.textContent = fill(strings.identities, identities);
});
