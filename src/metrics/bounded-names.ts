/** The rest of the names is this one. */
const OTHER = 'other';

/** Names of drivers for a label: no more than some, so that a driver cannot make series without end. */
export class BoundedNames {
  private readonly known = new Set<string>();

  constructor(private readonly most: number) {}

  of(name: string): string {
    if (this.known.has(name)) return name;
    if (this.known.size >= this.most) return OTHER;
    this.known.add(name);
    return name;
  }
}
