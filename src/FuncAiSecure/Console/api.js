// The only place that knows the key, and the only one that asks the server for data.

const patienceMs = 15_000;
const printable = /^[\x21-\x7e]+$/;

const words = {
  400: 'The server could not read the request.',
  401: 'The key was not accepted.',
  403: 'This key does not have the role read.usage, or it may not be used from this network.',
  404: 'The server does not offer this.',
  429: 'Too many requests.',
  503: 'The server cannot answer at the moment.',
  504: 'The server did not answer in time.',
};

let credential = null;
let subscription = null;
let leaving = new AbortController();

/** A request that did not bring data: `status` (0 without an answer), the problem's `code`, seconds to wait. */
export class Trouble extends Error {
  constructor(message, status = 0, code = '', waitSeconds = 0) {
    super(message);
    this.status = status;
    this.code = code;
    this.waitSeconds = waitSeconds;
  }

  /** Waiting does not help: another key does. */
  get isFinal() {
    return this.status === 401 || this.status === 403;
  }
}

export function remember(key, gatewayKey) {
  const [trimmed, trimmedGateway] = [key.trim(), gatewayKey.trim()];
  if (!printable.test(trimmed) || (trimmedGateway !== '' && !printable.test(trimmedGateway))) throw new Trouble('This is not a key: it holds spaces or unusual characters.');
  credential = trimmed;
  subscription = trimmedGateway || null;
}

export function forget() {
  credential = null;
  subscription = null;
  leaving.abort();
  leaving = new AbortController();
}

/** The JSON that a path answers; throws Trouble. */
export async function get(path) {
  if (credential === null) throw new Trouble('Nobody is signed in.');
  const headers = { Accept: 'application/json', Authorization: `Bearer ${credential}` };
  if (subscription !== null) headers['Ocp-Apim-Subscription-Key'] = subscription;
  let answer;
  try {
    answer = await fetch(path, {
      headers,
      cache: 'no-store',
      credentials: 'omit',
      mode: 'same-origin',
      redirect: 'error',
      referrerPolicy: 'no-referrer',
      signal: AbortSignal.any([leaving.signal, AbortSignal.timeout(patienceMs)]),
    });
    if (answer.ok) return await answer.json();
  } catch {
    throw new Trouble('The server did not answer.');
  }
  throw await troubleOf(answer);
}

async function troubleOf(answer) {
  const problem = await answer.json().catch(() => null);
  const code = typeof problem?.type === 'string' ? problem.type.split(':').at(-1) : '';
  const wait = Number.parseInt(answer.headers.get('Retry-After') ?? '', 10);
  const message = words[answer.status] ?? (answer.status >= 500 ? 'The server has failed.' : 'The server refused.');
  return new Trouble(`${message} (${answer.status}${code ? ` ${code}` : ''})`, answer.status, code, Number.isFinite(wait) ? Math.min(wait, 3600) : 0);
}
