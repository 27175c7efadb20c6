/** A fault of an installed package. It stops the start if it affects an enabled hardware type. */
export interface PackageProblem {
  readonly package: string;
  /** Those that cannot be used because of it; none if the package's hardware types are unknown. */
  readonly hardwareTypes: readonly string[];
  /** A whole sentence that begins with the package, class and method. */
  readonly text: string;
}

export interface ProblemPlace {
  readonly package: string;
  readonly class?: string;
  readonly method?: string;
}

/** `Package acme, class AcmeVendor, method flash: it has no HTTP verb.` */
export function located(place: ProblemPlace, problem: string): string {
  const parts = [
    `Package ${place.package}`,
    ...(place.class === undefined ? [] : [`class ${place.class}`]),
    ...(place.method === undefined ? [] : [`method ${place.method}`]),
  ];
  return `${parts.join(', ')}: ${problem.replace(/[.?]?$/, (end) => end || '.')}`;
}

/** One problem per text, which affects the hardware types of all. */
export function merged(problems: readonly PackageProblem[]): PackageProblem[] {
  const byText = new Map<string, PackageProblem>();
  for (const problem of problems) {
    const known = byText.get(problem.text);
    const hardwareTypes = [...new Set([...(known?.hardwareTypes ?? []), ...problem.hardwareTypes])];
    byText.set(problem.text, { ...problem, hardwareTypes });
  }
  return [...byText.values()];
}
