// Versions of models, their queues and the sizes of their batches.
import { el, folded, panel, Table } from './dom.js';
import { bytes, count, decimal, duration } from './format.js';
import { Bars, TimeBars } from './plots.js';

const none = 'No model that this key may see.';
const maxInstances = 64;
const number = (name) => ({ name, number: true });

export class Models {
  #table = new Table('Versions of models', [{ name: 'Model' }, number('Version'), { name: 'State' }, { name: 'Serves' }, number('Memory')], none);
  root = panel('models', 'Model versions', this.#table.root);

  show({ models }) {
    this.#table.show(
      models.map((model) => [
        model.name,
        String(model.version),
        el('span', { class: `badge ${stateClass(model.state)}` }, model.state),
        model.serving ? 'yes' : model.canary_percent > 0 ? `canary, ${count(model.canary_percent)} %` : 'no',
        bytes(model.memory_bytes),
      ]),
    );
  }
}

export class Queues {
  #waiting = new TimeBars('Requests that wait for a run');
  #samples = new Map();
  #plot = new Bars('Rows of a run');
  #sizes = new Table('Runs by their rows', [{ name: 'Rows' }, number('Runs')], 'Nothing has run.');
  #table = new Table(
    'Since each version was loaded; wait and run are means of a request',
    [{ name: 'Model' }, number('Version'), number('Waiting'), number('Runs'), number('Rows a run'), number('Wait'), number('Run'), number('Failed'), number('Turned away')],
    none,
  );
  root = panel(
    'queues',
    'Queues and batches',
    el('h3', {}, 'Requests that wait for a run'),
    el('p', { class: 'help' }, 'As this page has seen it since sign-in, all models together.'),
    this.#waiting.root,
    el('h3', {}, 'Runs by how many rows they shared'),
    this.#plot.root,
    folded(this.#sizes),
    this.#table.root,
  );

  show(snapshot) {
    const { models } = snapshot;
    const loaded = models.filter((model) => model.counts);
    const sizes = sizesOf(loaded);
    this.#plot.show(sizes, 'served', sizes.map(([name, runs]) => `${name} rows: ${count(runs)} runs`).join(', ') || 'Nothing has run.');
    this.#sizes.show(sizes.map(([name, runs]) => [name, count(runs)]));
    this.#showWaiting(snapshot);
    this.#table.show(
      loaded.map(({ name, version, waiting, counts }) => [
        name,
        String(version),
        count(waiting),
        count(counts.runs),
        decimal(counts.rows / counts.runs),
        duration(counts.waited_ms / counts.answered),
        duration(counts.ran_ms / counts.answered),
        count(counts.failed),
        count(counts.turned_away),
      ]),
    );
  }

  // The most of each stretch; what is older than the timeline is let go, and the instance that was seen first of too many.
  #showWaiting({ instance, at, models, timeline }) {
    const stretch = Math.floor(Date.parse(at) / 1000 / timeline.seconds);
    const known = this.#samples.get(instance) ?? new Map();
    this.#samples.set(instance, known);
    if (this.#samples.size > maxInstances) this.#samples.delete(this.#samples.keys().next().value);
    const now = models.reduce((sum, model) => sum + model.waiting, 0);
    known.set(stretch, Math.max(now, known.get(stretch) ?? 0));
    for (const old of known.keys()) if (old <= stretch - timeline.count) known.delete(old);
    const places = Array.from({ length: timeline.count }, (_, i) => [known.get(stretch - timeline.count + 1 + i) ?? 0]);
    this.#waiting.show(places, ['served'], (timeline.seconds * timeline.count) / 60, `Now ${count(now)}, at most ${count(Math.max(...places.flat()))}.`);
  }
}

const stateClass = (state) => (['ready', 'idle', 'loading', 'refused'].includes(state) ? `is-${state}` : '');

// Names such as "1", "2", "3–4", "> 256".
function sizesOf(models) {
  const sums = new Map();
  for (const { counts } of models) {
    let previous = 0;
    for (const { up_to: upTo, runs } of counts.batch_sizes) {
      const name = upTo === undefined ? `> ${previous}` : upTo === previous + 1 ? String(upTo) : `${previous + 1}–${upTo}`;
      sums.set(name, (sums.get(name) ?? 0) + runs);
      previous = upTo ?? previous;
    }
  }
  const used = [...sums];
  return used.slice(0, used.findLastIndex(([, runs]) => runs > 0) + 1);
}
