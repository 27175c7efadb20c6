/** What must not be. */
export class Findings {
  /** Accepted jobs that disappeared, did not run, or ended otherwise than the troubles explain. */
  readonly lost: string[] = [];
  /** Calls that began twice, nodes with two holders, repeated fences. */
  readonly doubled: string[] = [];
  /** Answers that contradict what was done. */
  readonly wrong: string[] = [];
  readonly stuck: string[] = [];
  private readonly told = new Set<string>();

  get counts(): string {
    const { lost, doubled, wrong, stuck } = this;
    return `lost ${lost.length}, doubled ${doubled.length}, wrong ${wrong.length}, stuck ${stuck.length}`;
  }

  get all(): readonly string[] {
    const { lost, doubled, wrong, stuck } = this;
    return [...lost, ...doubled, ...wrong, ...stuck];
  }

  /** What was found since the last time. */
  news(): readonly string[] {
    const found = this.all.filter((what) => !this.told.has(what));
    for (const what of found) this.told.add(what);
    return found;
  }
}
