import { type MethodListing, type PassthruMethod } from '../drivers/methods/passthru-method.js';

export function listMethods(
  methods: readonly PassthruMethod[],
  source: string,
  isDetailed: boolean,
): Record<string, MethodListing> {
  return Object.fromEntries(
    methods.map((method) => [method.name, isDetailed ? method.detail(source) : method.listing]),
  );
}
