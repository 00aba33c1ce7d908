// Repeats a task while the page is looked at: slower after failures, not at all while hidden or paused.

const longestMs = 60_000;

/** How long to wait after `failures` failures in a row, when the server asked for `waitSeconds`. */
export function delayMs(everyMs, failures, waitSeconds = 0, chance = Math.random()) {
  const grown = Math.min(Math.max(longestMs, everyMs), everyMs * 2 ** Math.min(failures, 10));
  return Math.max(waitSeconds * 1000, failures === 0 ? grown : grown * (0.8 + 0.4 * chance));
}

export class Poll {
  #task;
  #everyMs;
  #onTrouble;
  #timer = null;
  #turn = 0;
  #failures = 0;
  #isPaused = false;
  #isRunning = false;
  #onVisibility = () => this.#wake();

  /** `task` returns a promise; `onTrouble(error, waitMs)` is told of each failure and answers whether to go on. */
  constructor(task, everyMs, onTrouble) {
    this.#task = task;
    this.#everyMs = everyMs;
    this.#onTrouble = onTrouble;
  }

  start() {
    this.stop();
    this.#isRunning = true;
    this.#failures = 0;
    document.addEventListener('visibilitychange', this.#onVisibility);
    this.#wake();
  }

  stop() {
    this.#isRunning = false;
    this.#turn++;
    clearTimeout(this.#timer);
    document.removeEventListener('visibilitychange', this.#onVisibility);
  }

  pause(isPaused) {
    this.#isPaused = isPaused;
    this.#wake();
  }

  #wake() {
    this.#turn++;
    clearTimeout(this.#timer);
    if (this.#isRunning && !this.#isPaused && !document.hidden) this.#run(this.#turn);
  }

  async #run(turn) {
    let wait;
    try {
      await this.#task();
      this.#failures = 0;
      wait = delayMs(this.#everyMs, 0);
    } catch (error) {
      if (turn !== this.#turn) return;
      this.#failures++;
      wait = delayMs(this.#everyMs, this.#failures, error.waitSeconds);
      if (!this.#onTrouble(error, wait)) return;
    }
    if (turn === this.#turn) this.#timer = setTimeout(() => this.#run(turn), wait);
  }
}
