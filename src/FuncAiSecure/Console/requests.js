// The last requests of the shown instance, and the instances that have answered so far.
import { el, panel, Table } from './dom.js';
import { clock, count, duration, moment } from './format.js';

const own = new Set(['ManageStatistics', 'ManageUsage', 'ManageAnomalies']);
const silentMs = 60 * 60_000;
const number = (name) => ({ name, number: true });

export class Requests {
  #table = new Table(
    'Last requests, newest first',
    [{ name: 'Ended' }, { name: 'Action' }, { name: 'Model' }, { name: 'Outcome' }, number('Time'), { name: 'Caller' }, { name: 'Request id' }],
    'No request yet.',
  );
  #all = el('input', { type: 'checkbox', id: 'all-requests' });
  #recent = [];
  root = panel(
    'live',
    'Live requests',
    el('p', { class: 'help' }, 'Callers are pseudonyms of this instance. Who asked is in the audit trail under the request id, for those who may read it.'),
    el('p', {}, this.#all, ' ', el('label', { for: 'all-requests' }, 'Show also what operators ask for this page')),
    this.#table.root,
  );

  constructor() {
    this.#all.addEventListener('change', () => this.#draw());
  }

  show({ recent }) {
    this.#recent = recent;
    this.#draw();
  }

  #draw() {
    this.#table.show(
      this.#recent
        .filter((request) => this.#all.checked || !own.has(request.action))
        .map((request) => [
          clock(request.at),
          request.action,
          request.model && `${request.model} ${request.version}`,
          el('span', { class: `badge ${request.outcome === 'served' ? 'is-ready' : 'is-refused'}` }, request.status > 0 ? `${request.status} ${request.outcome}` : request.outcome),
          duration(request.ms),
          request.pseudonym,
          el('code', {}, request.request_id),
        ]),
    );
  }
}

/** The instances that answered, and which of them is shown. */
export class Instances {
  #snapshots = new Map();
  #select = el('select', { id: 'instance' });
  #table = new Table(
    'Instances seen since sign-in',
    [{ name: 'Instance' }, { name: 'Started' }, { name: 'Last answer' }, number('Served'), number('Refused'), number('Abandoned')],
    'None.',
  );
  root;

  /** `onChoice(snapshot)` is told which snapshot to show when the reader chooses an instance. */
  constructor(onChoice) {
    this.#select.append(el('option', { value: '' }, 'whichever answers'));
    this.#select.addEventListener('change', () => {
      const snapshot = this.shown;
      if (snapshot) onChoice(snapshot);
    });
    this.root = panel(
      'instances',
      'Instances',
      el('p', { class: 'help' }, 'Each answer is about the instance that gave it; a load balancer chooses which. Instances that have not answered in the last hour are not listed.'),
      el('p', { class: 'inline' }, el('label', { for: 'instance' }, 'Show'), this.#select),
      this.#table.root,
    );
  }

  /** The snapshot to show: of the chosen instance, or the latest of all. */
  get shown() {
    return this.#snapshots.get(this.#select.value) ?? [...this.#snapshots.values()].at(-1);
  }

  /** How long the shown instance has been silent while another answered. */
  get behindMs() {
    return Date.parse([...this.#snapshots.values()].at(-1).at) - Date.parse(this.shown.at);
  }

  take(snapshot) {
    if (!this.#snapshots.has(snapshot.instance)) this.#select.append(el('option', { value: snapshot.instance }, snapshot.instance));
    this.#snapshots.delete(snapshot.instance);
    this.#snapshots.set(snapshot.instance, snapshot);
    this.#letGo(Date.parse(snapshot.at) - silentMs);
    const rows = [...this.#snapshots.values()].sort((a, b) => (a.instance < b.instance ? -1 : 1));
    const totals = ['served', 'refused', 'abandoned'];
    const lines = rows.map((row) => [el('code', {}, row.instance), moment(row.started_at), clock(row.at), ...totals.map((name) => count(row.requests[name]))]);
    if (rows.length > 1) {
      lines.push(['All of these', null, null, ...totals.map((name) => count(rows.reduce((sum, row) => sum + row.requests[name], 0)))]);
    }
    this.#table.show(lines);
  }

  // Instances come and go with the load.
  #letGo(before) {
    for (const [name, snapshot] of this.#snapshots) {
      if (Date.parse(snapshot.at) < before && name !== this.#select.value) {
        this.#snapshots.delete(name);
        [...this.#select.options].find((option) => option.value === name)?.remove();
      }
    }
  }
}
