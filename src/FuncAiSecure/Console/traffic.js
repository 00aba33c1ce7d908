// Requests, refusals and latencies of the last quarter of an hour.
import { el, folded, legend, panel, Table } from './dom.js';
import { clock, count, decimal, duration, percent } from './format.js';
import { TimeBars, TimeLines } from './plots.js';

const outcomes = ['served', 'refused', 'abandoned'];
const shares = ['p50', 'p95', 'p99'];

/** One place for each stretch of the timeline, oldest first; null where nothing ended. */
export function places(timeline, at) {
  const stretchMs = timeline.seconds * 1000;
  const last = Math.floor(Date.parse(at) / stretchMs);
  const filled = Array(timeline.count).fill(null);
  for (const point of timeline.points) {
    const place = timeline.count - 1 - (last - Math.floor(Date.parse(point.at) / stretchMs));
    if (place >= 0 && place < timeline.count) filled[place] = point;
  }
  return filled;
}

const sum = (points, name) => points.reduce((all, point) => all + (point?.[name] ?? 0), 0);

const worst = (points, name) => Math.max(...points.map((point) => point?.[name] ?? 0)) || NaN;

export class Overview {
  #tiles = new Map();
  #trouble = el('p', { class: 'warning', hidden: true });
  root;

  constructor() {
    const names = ['Requests a second', 'Refused', 'p95 latency', 'In progress', 'Waiting for a model', 'Unsent audit records'];
    const tiles = names.map((name) => {
      const value = el('dd', {}, '–');
      this.#tiles.set(name, value);
      return el('div', { class: 'tile' }, el('dt', {}, name), value);
    });
    this.root = panel('overview', 'Overview', el('p', { class: 'help' }, 'The last minute, on the instance shown.'), this.#trouble, el('dl', { class: 'tiles' }, ...tiles));
  }

  show(snapshot) {
    const minute = places(snapshot.timeline, snapshot.at).slice(-Math.round(60 / snapshot.timeline.seconds));
    const all = outcomes.reduce((total, name) => total + sum(minute, name), 0);
    const values = [
      decimal(all / 60),
      percent(sum(minute, 'refused'), all),
      duration(worst(minute, 'p95_ms')),
      count(snapshot.requests.active),
      count(snapshot.models.reduce((total, model) => total + model.waiting, 0)),
      count(snapshot.audit.backlog),
    ];
    [...this.#tiles.values()].forEach((tile, i) => {
      tile.textContent = values[i];
    });
    const troubles = [
      snapshot.failing.length > 0 ? `Not ready: ${snapshot.failing.join(', ')}.` : '',
      snapshot.audit.lost > 0 ? `Requests served without an audit record: ${count(snapshot.audit.lost)}.` : '',
    ];
    this.#trouble.textContent = troubles.join(' ').trim();
    this.#trouble.hidden = this.#trouble.textContent === '';
  }
}

export class Traffic {
  #plot = new TimeBars('Requests by outcome');
  #table = new Table('Requests by outcome, ten seconds each', ['Until', 'Served', 'Refused', 'Abandoned'].map(column), 'No requests in the last 15 minutes.');
  root = panel('requests', 'Requests', el('p', { class: 'help' }, 'Ended in each ten seconds.'), legend(['served', 'served'], ['refused', 'refused'], ['abandoned', 'abandoned by the caller']), this.#plot.root, folded(this.#table));

  show({ timeline, at, requests }) {
    const points = places(timeline, at);
    const totals = outcomes.map((name) => `${count(sum(points, name))} ${name}`).join(', ');
    this.#plot.show(
      points.map((point) => outcomes.map((name) => point?.[name] ?? 0)),
      outcomes,
      minutesOf(timeline),
      `Last ${minutesOf(timeline)} minutes: ${totals}. Since the instance started: ${count(requests.served)} served, ${count(requests.refused)} refused.`,
    );
    this.#table.show(filledOf(points, timeline).map(([until, point]) => [until, ...outcomes.map((name) => count(point[name]))]));
  }
}

export class Latency {
  #plot = new TimeLines('Latency');
  #byTime = new Table('Latency, ten seconds each', ['Until', 'p50', 'p95', 'p99'].map(column), 'No requests in the last 15 minutes.');
  #byAction = new Table('Latency by action, last 15 to 30 minutes', ['Action', 'Requests', 'Refused', 'p50', 'p95', 'p99'].map(column), 'No requests.');
  root = panel('latency', 'Latency', el('p', { class: 'help' }, 'From arrival to answer, of all requests that ended in each ten seconds; the scale is logarithmic.'), legend(['p50', 'p50'], ['p95', 'p95'], ['p99', 'p99']), this.#plot.root, folded(this.#byTime), this.#byAction.root);

  show({ timeline, at, actions }) {
    const points = places(timeline, at);
    const last = points.findLast((point) => point !== null);
    this.#plot.show(
      shares.map((share) => ({ kind: share, values: points.map((point) => point?.[`${share}_ms`] ?? null) })),
      minutesOf(timeline),
      last ? `Latest: ${shares.map((share) => `${share} ${duration(last[`${share}_ms`])}`).join(', ')}.` : 'No requests.',
    );
    const times = (row) => shares.map((share) => duration(row[`${share}_ms`]));
    this.#byTime.show(filledOf(points, timeline).map(([until, point]) => [until, ...times(point)]));
    this.#byAction.show(
      actions.map((action) => [
        el('span', { title: action.route }, action.action),
        count(action.served + action.refused + action.abandoned),
        count(action.refused),
        ...times(action),
      ]),
    );
  }
}

export class Refusals {
  #table = new Table('Refusals, lately and since the start', ['Code', 'Status', 'Last 15 minutes', 'Since the start'].map(column), 'Nothing was refused.');
  root = panel('refusals', 'Refusals by code', this.#table.root);

  show({ refusals }) {
    const most = Math.max(1, ...refusals.map((refusal) => refusal.total));
    const rows = [...refusals].sort((a, b) => b.lately - a.lately || b.total - a.total);
    this.#table.show(
      rows.map((refusal) => [
        refusal.code,
        count(refusal.status),
        count(refusal.lately),
        el('span', { class: 'barred' }, el('progress', { max: most, value: refusal.total, 'aria-hidden': 'true' }), count(refusal.total)),
      ]),
    );
  }
}

function column(name, i) {
  return { name, number: i > 0 };
}

const minutesOf = (timeline) => (timeline.seconds * timeline.count) / 60;

// The newest first.
function filledOf(points, timeline) {
  const filled = points.filter((point) => point !== null).toReversed();
  return filled.map((point) => [clock(Date.parse(point.at) + timeline.seconds * 1000), point]);
}
