import { type InterfaceKind } from '@ferrule/driver-kit';
import { type DescribedDriver, type DescribedMethod, unsupportedInterface } from './described-driver.js';

/** A driver as the live conductors that have it describe it: the union, and where they differ what the latest one says. */
export class ServedDriver {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  private readonly latest: DescribedDriver;

  /**
   * @param described by each conductor that has it, the latest last; at least one.
   * @param hosts names of these conductors.
   * @param all of all conductors, to tell interfaces of other types from unknown ones.
   */
  constructor(
    private readonly described: readonly [DescribedDriver, ...DescribedDriver[]],
    readonly hosts: readonly string[],
    private readonly all: readonly DescribedDriver[],
  ) {
    this.latest = described.at(-1) ?? described[0];
    this.name = this.latest.name;
    this.properties = Object.fromEntries(described.flatMap(({ properties }) => Object.entries(properties)));
  }

  enabledInterfaces(kind: InterfaceKind): readonly string[] {
    const all = [this.latest, ...this.described];
    return [...new Set(all.flatMap(({ interfaces }) => interfaces[kind].enabled))];
  }

  defaultInterface(kind: InterfaceKind): string {
    return this.latest.interfaces[kind].default;
  }

  method({
    interface: named,
    scope,
    name,
  }: Pick<DescribedMethod, 'interface' | 'scope' | 'name'>): DescribedMethod | undefined {
    return [this.latest, ...this.described]
      .flatMap(({ methods }) => methods)
      .find((each) => each.interface === named && each.scope === scope && each.name === name);
  }

  /** @throws InvalidParameterValue (400) */
  assertSupports(kind: InterfaceKind, name: string): void {
    const valid = this.enabledInterfaces(kind);
    if (valid.includes(name)) return;
    const isElsewhere = this.all.some(({ interfaces }) => interfaces[kind].enabled.includes(name));
    throw unsupportedInterface(this.name, kind, name, valid, isElsewhere);
  }
}
