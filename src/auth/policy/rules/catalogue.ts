/** The methods of the enabled drivers, so that a rule which names none of them is a mistake that is told. */
export interface CataloguedMethod {
  readonly name: string;
  /** Undefined if it takes any. */
  readonly arguments: readonly string[] | undefined;
}

/** By the name of the driver. */
export type Catalogue = ReadonlyMap<string, readonly CataloguedMethod[]>;
