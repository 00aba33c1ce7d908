// Plots as SVG, drawn at the width that they have, so that their text keeps its size on a phone.
import { svg } from './dom.js';
import { count, duration } from './format.js';

const height = 190;
const margin = { left: 58, right: 10, top: 10, bottom: 24 };

/** The next of 1, 2, 5, 10, 20, 50 … at or above a value. */
export function niceMax(value) {
  if (!(value > 1)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= value);
}

/** Where a scale up to a nice maximum is labelled. What is counted has no halves: half of an odd one would carry the label of the next. */
export const ticksOf = (top) => (top % 2 === 0 ? [0, top / 2, top] : [0, top]);

/** A frame that redraws itself when its width changes. `draw(width)` answers the children; `describe()` the text for who cannot see it. */
class Plot {
  #root;
  #draw = null;
  #width = 0;

  constructor(name) {
    this.name = name;
    this.#root = svg('svg', { class: 'plot', role: 'img', height, width: '100%' });
    new ResizeObserver(([entry]) => this.#paint(Math.round(entry.contentRect.width))).observe(this.#root);
  }

  get root() {
    return this.#root;
  }

  set(description, draw) {
    this.#root.setAttribute('aria-label', `${this.name}. ${description}`);
    this.#draw = draw;
    this.#paint(this.#width, true);
  }

  #paint(width, isForced = false) {
    if (width === 0 || this.#draw === null || (width === this.#width && !isForced)) {
      this.#width = width;
      return;
    }
    this.#width = width;
    this.#root.setAttribute('viewBox', `0 0 ${width} ${height}`);
    this.#root.replaceChildren(...this.#draw(width));
  }
}

const bottom = height - margin.bottom;

function horizontals(width, ticks) {
  return ticks.flatMap(([y, label]) => [
    svg('line', { class: 'grid', x1: margin.left, x2: width - margin.right, y1: y, y2: y }),
    svg('text', { class: 'tick', x: margin.left - 6, y: y + 4, 'text-anchor': 'end' }, label),
  ]);
}

function times(width, minutes) {
  return [
    [margin.left, `${minutes} min ago`, 'start'],
    [(margin.left + width - margin.right) / 2, `${minutes / 2} min`, 'middle'],
    [width - margin.right, 'now', 'end'],
  ].map(([x, label, anchor]) => svg('text', { class: 'tick', x, y: height - 6, 'text-anchor': anchor }, label));
}

/** Bars over time, stacked. `points`: one array of values for each place in time; `kinds`: a CSS class for each value. */
export class TimeBars extends Plot {
  show(points, kinds, minutes, description) {
    const top = niceMax(Math.max(0, ...points.map((values) => values.reduce((sum, value) => sum + value, 0))));
    this.set(description, (width) => {
      const step = (width - margin.left - margin.right) / points.length;
      const yOf = (value) => bottom - (value / top) * (bottom - margin.top);
      const bars = points.flatMap((values, i) => {
        let sum = 0;
        return values.map((value, k) => {
          const y = yOf(sum + value);
          const bar = value > 0 ? svg('rect', { class: kinds[k], x: margin.left + i * step, y, width: Math.max(1, step - 1), height: yOf(sum) - y }) : null;
          sum += value;
          return bar;
        });
      });
      const ticks = ticksOf(top).map((value) => [yOf(value), count(value)]);
      return [...horizontals(width, ticks), ...times(width, minutes), ...bars.filter((bar) => bar !== null)];
    });
  }
}

/** Lines over time on a logarithmic scale of milliseconds. `series`: CSS class and values, null where there is none. */
export class TimeLines extends Plot {
  show(series, minutes, description) {
    const values = series.flatMap((line) => line.values).filter((value) => value > 0);
    const low = Math.floor(Math.log10(Math.min(1, ...values)));
    const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(1, ...values))));
    this.set(description, (width) => {
      const xOf = (i, length) => margin.left + ((i + 0.5) / length) * (width - margin.left - margin.right);
      const yOf = (value) => bottom - ((Math.log10(Math.max(value, 10 ** low)) - low) / (high - low)) * (bottom - margin.top);
      const decades = Array.from({ length: high - low + 1 }, (_, i) => 10 ** (low + i));
      const ticks = decades.map((value) => [yOf(value), duration(value)]);
      return [...horizontals(width, ticks), ...times(width, minutes), ...series.flatMap((line) => this.#line(line, xOf, yOf))];
    });
  }

  // A gap in the data is a gap in the line; a lone value is a dot.
  #line({ kind, values }, xOf, yOf) {
    const runs = [];
    values.forEach((value, i) => {
      if (value === null) return;
      const point = [xOf(i, values.length), yOf(value)];
      if (i > 0 && values[i - 1] !== null) runs.at(-1).push(point);
      else runs.push([point]);
    });
    return runs.map((run) =>
      run.length === 1
        ? svg('circle', { class: `dot ${kind}`, cx: run[0][0], cy: run[0][1], r: 2.5 })
        : svg('polyline', { class: `line ${kind}`, points: run.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ') }),
    );
  }
}

/** Upright bars, one for each name. `bars`: name and value. */
export class Bars extends Plot {
  show(bars, kind, description) {
    const top = niceMax(Math.max(0, ...bars.map(([, value]) => value)));
    this.set(description, (width) => {
      const step = Math.min(80, (width - margin.left - margin.right) / bars.length);
      const yOf = (value) => bottom - (value / top) * (bottom - margin.top);
      const ticks = ticksOf(top).map((value) => [yOf(value), count(value)]);
      return [
        ...horizontals(width, ticks),
        ...bars.map(([, value], i) => svg('rect', { class: kind, x: margin.left + i * step + 2, y: yOf(value), width: Math.max(1, step - 4), height: bottom - yOf(value) })),
        ...bars.map(([name], i) => svg('text', { class: 'tick', x: margin.left + (i + 0.5) * step, y: height - 6, 'text-anchor': 'middle' }, name)),
      ];
    });
  }
}
