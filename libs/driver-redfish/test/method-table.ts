export class MethodTable {
  private readonly cells = new Map<string, Map<string, string>>();

  constructor(private readonly methods: readonly string[]) {}

  async note(bmc: string, method: string, check: () => Promise<string>): Promise<void> {
    const row = this.cells.get(bmc) ?? new Map<string, string>();
    this.cells.set(bmc, row);
    row.set(method, 'FAILED');
    row.set(method, await check());
  }

  toString(): string {
    const head = ['BMC', ...this.methods];
    const rows = [...this.cells].map(([bmc, row]) => [
      bmc,
      ...this.methods.map((name) => row.get(name) ?? '-'),
    ]);
    const widths = head.map((_, column) =>
      Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)),
    );
    const line = (row: readonly string[]): string =>
      row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ');
    return [line(head), widths.map((width) => '-'.repeat(width)).join('-|-'), ...rows.map(line)].join('\n');
  }
}
