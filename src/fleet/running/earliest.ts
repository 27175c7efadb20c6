/** Things by their time, of which there may be many: a binary heap. */
export class Earliest<T extends { readonly at: number }> {
  private readonly heap: T[] = [];

  get size(): number {
    return this.heap.length;
  }

  get nextTime(): number | undefined {
    return this.heap[0]?.at;
  }

  add(thing: T): void {
    let place = this.heap.push(thing) - 1;
    while (place > 0) {
      const above = (place - 1) >> 1;
      if (this.at(above) <= thing.at) return;
      this.swap(place, above);
      place = above;
    }
  }

  /** Takes the earliest one, if its time is not after `time`. */
  takeUntil(time: number): T | undefined {
    const [first] = this.heap;
    if (!first || first.at > time) return undefined;
    const last = this.heap.pop();
    if (last && last !== first) {
      this.heap[0] = last;
      this.sink();
    }
    return first;
  }

  private sink(): void {
    for (let place = 0; ;) {
      const [left, right] = [2 * place + 1, 2 * place + 2];
      const below = this.at(right) < this.at(left) ? right : left;
      if (this.at(place) <= this.at(below)) return;
      this.swap(place, below);
      place = below;
    }
  }

  private at(place: number): number {
    return this.heap[place]?.at ?? Infinity;
  }

  private swap(one: number, other: number): void {
    const [first, second] = [this.heap[one], this.heap[other]];
    if (!first || !second) return;
    this.heap[one] = second;
    this.heap[other] = first;
  }
}
