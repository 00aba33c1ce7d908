// Signs in and out, and keeps the board up to date while it is looked at.
import { forget, get, remember, Trouble } from './api.js';
import { byId, el } from './dom.js';
import { clock } from './format.js';
import { Models, Queues } from './models.js';
import { Anomalies, Quotas } from './people.js';
import { Poll } from './poll.js';
import { Instances, Requests } from './requests.js';
import { theme } from './theme.js';
import { Latency, Overview, Refusals, Traffic } from './traffic.js';

const liveMs = 5_000;
const slowMs = 30_000;
const oldMs = 20_000;
const hiddenMs = 15 * 60_000;

let board = null;
let hiddenTimer = null;
let hiddenSince = null;

class Board {
  #panels;
  #instances;
  #polls;
  #isPaused = false;
  #isDown = false;

  constructor() {
    const [quotas, anomalies] = [new Quotas(), new Anomalies()];
    this.#instances = new Instances((snapshot) => this.#show(snapshot));
    const all = [new Overview(), new Traffic(), new Latency(), new Refusals(), anomalies, new Queues(), new Models(), quotas, new Requests(), this.#instances];
    this.#panels = all.filter((part) => part.show);
    byId('panels').replaceChildren(...all.map((part) => part.root));
    byId('sections').replaceChildren(el('ul', {}, ...all.map((part) => el('li', {}, linkTo(part.root)))));
    this.#polls = [
      new Poll(() => this.#refresh(), liveMs, (trouble, waitMs) => this.#onTrouble(trouble, waitMs)),
      ...[quotas, anomalies].map((part) => new Poll(() => part.refresh(), slowMs, (trouble) => this.#onPartTrouble(part, trouble))),
    ];
  }

  take(snapshot) {
    this.#instances.take(snapshot);
    this.#show(this.#instances.shown);
  }

  start() {
    this.#polls.forEach((poll) => poll.start());
  }

  stop() {
    this.#polls.forEach((poll) => poll.stop());
    byId('panels').replaceChildren();
    byId('sections').replaceChildren();
  }

  pause(isPaused) {
    this.#isPaused = isPaused;
    this.#polls.forEach((poll) => poll.pause(isPaused));
    byId('state').textContent = isPaused ? 'Paused.' : 'Running.';
  }

  async #refresh() {
    const snapshot = await get('/manage/statistics');
    if (this.#isDown) byId('state').textContent = 'The server answers again.';
    this.#isDown = false;
    this.take(snapshot);
  }

  #show(snapshot) {
    this.#panels.forEach((part) => part.show(snapshot));
    const { behindMs } = this.#instances;
    const silence = behindMs >= oldMs ? `. It has been silent since, for ${Math.round(behindMs / 1000)} s: what is shown is old.` : '';
    byId('shown').textContent = `Instance ${snapshot.instance}, ${clock(snapshot.at)}${silence}`;
    byId('board').classList.toggle('stale', this.#isDown || silence !== '');
  }

  #onTrouble(trouble, waitMs) {
    if (trouble.isFinal) {
      signOut(trouble.message);
      return false;
    }
    this.#isDown = true;
    byId('board').classList.add('stale');
    byId('state').textContent = `${trouble.message} What is shown is old. Next try in ${Math.ceil(waitMs / 1000)} s.`;
    return true;
  }

  #onPartTrouble(part, trouble) {
    if (trouble.status === 401) {
      signOut(trouble.message);
      return false;
    }
    part.tell(trouble);
    return true;
  }

  get isPaused() {
    return this.#isPaused;
  }
}

// To the heading itself, which can be focused: the browser then moves the focus as well.
function linkTo(section) {
  const title = section.querySelector('h2');
  return el('a', { href: `#${title.id}` }, title.textContent);
}

function notice(text) {
  byId('notice').textContent = text;
  byId('notice').hidden = text === '';
}

async function signIn(event) {
  event.preventDefault();
  const [key, gatewayKey, button] = [byId('key'), byId('gateway-key'), byId('sign-in-button')];
  notice('');
  button.disabled = true;
  try {
    remember(key.value, gatewayKey.value);
    const snapshot = await get('/manage/statistics');
    key.value = gatewayKey.value = '';
    board = new Board();
    board.take(snapshot);
    showBoard(true);
    board.start();
    byId('overview-title').focus();
  } catch (trouble) {
    forget();
    if (!(trouble instanceof Trouble)) throw trouble;
    key.value = '';
    key.focus();
    notice(trouble.waitSeconds > 0 ? `${trouble.message} Try again in ${trouble.waitSeconds} s.` : trouble.message);
  } finally {
    button.disabled = false;
  }
}

function signOut(reason) {
  forget();
  board?.stop();
  board = null;
  showBoard(false);
  notice(reason);
  byId('key').value = byId('gateway-key').value = '';
  byId('key').focus();
}

function leaveUnseen() {
  signOut('Signed out: nobody looked at this page for a while.');
}

function showBoard(isShown) {
  byId('sign-in').hidden = isShown;
  byId('board').hidden = !isShown;
  byId('board').classList.remove('stale');
  byId('pause').hidden = byId('sign-out').hidden = !isShown;
  byId('pause').setAttribute('aria-pressed', 'false');
  byId('state').textContent = isShown ? 'Signed in.' : '';
  byId('shown').textContent = '';
}

byId('sign-in-form').addEventListener('submit', signIn);
byId('sign-out').addEventListener('click', () => signOut('Signed out. The key is forgotten.'));
byId('pause').addEventListener('click', () => {
  board.pause(!board.isPaused);
  byId('pause').setAttribute('aria-pressed', String(board.isPaused));
});
theme(byId('theme'));

// A page that the browser keeps aside, and a tab that nobody looks at for long, hold no key.
window.addEventListener('pagehide', () => signOut(''));
// Timers stand still with the machine, so the clock is asked as well when the page is looked at again.
document.addEventListener('visibilitychange', () => {
  clearTimeout(hiddenTimer);
  const isLate = hiddenSince !== null && Date.now() - hiddenSince >= hiddenMs;
  hiddenSince = document.hidden ? Date.now() : null;
  if (board === null) return;
  if (isLate) leaveUnseen();
  else if (document.hidden) hiddenTimer = setTimeout(leaveUnseen, hiddenMs);
});
