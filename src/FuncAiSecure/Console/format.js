// Numbers and times as people read them.

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

export const count = (value) => (Number.isFinite(value) ? whole.format(value) : '–');

export const decimal = (value) => (Number.isFinite(value) ? short.format(value) : '–');

export const percent = (part, all) => (all > 0 ? `${short.format((100 * part) / all)} %` : '–');

/** Milliseconds, with three digits at most. */
export function duration(ms) {
  if (!Number.isFinite(ms)) return '–';
  if (ms < 1) return `${whole.format(ms * 1000)} µs`;
  if (ms < 1000) return `${ms < 10 ? short.format(ms) : whole.format(ms)} ms`;
  return `${short.format(ms / 1000)} s`;
}

export const bytes = (value) => (value > 0 ? `${short.format(value / 1048576)} MiB` : '–');

/** The time of day, on the reader's clock. */
export const clock = (at) => (at ? new Date(at).toLocaleTimeString('en-GB') : '–');

/** Date and time of day, on the reader's clock. */
export const moment = (at) => (at ? `${new Date(at).toLocaleDateString('en-CA')} ${clock(at)}` : '–');
