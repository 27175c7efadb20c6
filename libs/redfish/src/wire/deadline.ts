/** Milliseconds: a longer timer of Node would fire at once. */
const LONGEST = 2 ** 31 - 1;
/** How many deadlines that have passed act in one turn of the event loop. */
const AT_ONCE = 8;

const passed = new Set<Deadline>();
let isScheduled = false;

/**
 * Acts once after some milliseconds, unless it is cleared. Node runs all timers that are due before it reads from any
 * socket. When hundreds of calls to silent BMCs time out together, answers of other BMCs would wait for all of them;
 * deadlines act a few in a turn.
 */
export class Deadline {
  readonly #timer: NodeJS.Timeout;

  constructor(
    milliseconds: number,
    readonly act: () => void,
  ) {
    this.#timer = setTimeout(
      () => {
        passed.add(this);
        schedule();
      },
      Math.min(milliseconds, LONGEST),
    );
  }

  /** Begins the time again. */
  refresh(): void {
    passed.delete(this);
    this.#timer.refresh();
  }

  clear(): void {
    passed.delete(this);
    clearTimeout(this.#timer);
  }
}

function schedule(): void {
  if (isScheduled || passed.size === 0) return;
  isScheduled = true;
  setImmediate(() => {
    isScheduled = false;
    for (const deadline of [...passed].slice(0, AT_ONCE)) {
      // An earlier one may have cleared it.
      if (passed.delete(deadline)) deadline.act();
    }
    schedule();
  });
}
