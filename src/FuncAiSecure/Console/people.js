// Quota use by principal, and what was noticed about callers and models: both of all instances.
import { get } from './api.js';
import { el, panel, Table } from './dom.js';
import { count, decimal, moment, percent } from './format.js';

const shownCallers = 8;
const shownAnomalies = 50;
const spans = { burst: 'in a burst', concurrent: 'at once' };
const number = (name) => ({ name, number: true });

export class Quotas {
  #table = new Table(
    'Quota use by principal',
    [{ name: 'Principal' }, { name: 'Plan' }, { name: 'Policy' }, number('Used'), number('Limit'), { name: 'Share' }, { name: 'Anew at' }],
    'No metered request in the last 15 minutes.',
  );
  #input = el('input', { id: 'principal', type: 'text', maxlength: 128, autocomplete: 'off', autocapitalize: 'none', spellcheck: 'false' });
  #note = el('p', { class: 'help', role: 'status' });
  #callers = [];
  #wanted = null;
  #turn = 0;
  root;

  constructor() {
    const form = el('form', { class: 'inline' }, el('label', { for: 'principal' }, 'Another principal'), this.#input, el('button', { type: 'submit' }, 'Show'));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#wanted = this.#input.value.trim() || null;
      this.refresh().catch((trouble) => this.tell(trouble));
    });
    const help = `Up to ${shownCallers} principals that called the shown instance last. Counters hold over all instances, a burst and requests at once on the one that answered.`;
    this.root = panel('quotas', 'Quota use', el('p', { class: 'help' }, help), form, this.#note, this.#table.root);
  }

  show({ callers }) {
    this.#callers = callers;
  }

  tell(trouble) {
    this.#note.textContent = trouble.message;
  }

  /** Asks for each caller in turn: these reads go to the table of counters. One that fails does not hide the others. */
  async refresh() {
    const turn = ++this.#turn;
    const callers = this.#callers.slice(0, shownCallers);
    if (this.#wanted !== null) callers.unshift({ principal: this.#wanted, plan: null });
    const usages = [];
    let trouble = null;
    for (const { principal, plan } of callers) {
      const query = new URLSearchParams(plan === null ? { principal } : { principal, plan });
      try {
        usages.push(await get(`/manage/usage?${query}`));
      } catch (error) {
        if (error.isFinal || error.status === 0) throw error;
        trouble = error;
      }
    }
    // Asked again meanwhile: the newer answer stays.
    if (turn !== this.#turn) return;
    this.#note.textContent = '';
    this.#table.show(usages.flatMap((usage) => usage.policies.map((policy) => this.#row(usage, policy))));
    if (trouble !== null) throw trouble;
  }

  #row(usage, policy) {
    const share = percent(policy.used, policy.limit);
    return [
      usage.principal,
      usage.plan_changed ? `${usage.plan} (set by an operator)` : usage.plan,
      `${policy.name}, ${policy.unit.replaceAll('_', ' ')} ${spans[policy.window] ?? `a ${policy.window}`}${policy.enforced ? '' : ' (not enforced)'}`,
      count(policy.used),
      count(policy.limit),
      el('span', { class: 'barred' }, el('meter', { min: 0, max: policy.limit, high: policy.limit * 0.8, optimum: 0, value: policy.used, 'aria-hidden': 'true' }), share),
      policy.reset_at ? moment(policy.reset_at) : null,
    ];
  }
}

export class Anomalies {
  #table = new Table(
    'Latest anomalies',
    [{ name: 'At' }, { name: 'Signal' }, { name: 'About' }, { name: 'Model' }, number('Evidence'), number('Limit')],
    'Nothing was noticed.',
  );
  #note = el('p', { class: 'help', role: 'status' });
  root = panel('anomalies', 'Anomalies', el('p', { class: 'help' }, `The latest ${shownAnomalies} of all instances. Evidence and limit are in the signal’s own measure.`), this.#note, this.#table.root);

  tell(trouble) {
    this.#note.textContent = trouble.message;
  }

  async refresh() {
    const { anomalies } = await get(`/manage/anomalies?limit=${shownAnomalies}`);
    this.#note.textContent = '';
    this.#table.show(
      anomalies.map((anomaly) => [
        moment(anomaly.at),
        anomaly.signal,
        anomaly.principal ?? 'the model',
        anomaly.model && `${anomaly.model} ${anomaly.version ?? ''}`,
        decimal(anomaly.value),
        decimal(anomaly.limit),
      ]),
    );
  }
}
