import { types } from 'node:util';

type Part = 'buffer' | 'byteOffset' | 'byteLength' | 'length';

const TYPED_ARRAY: unknown = Object.getPrototypeOf(Uint8Array.prototype);

/**
 * The same bytes as a view without members of a driver, which may hide the real size or change whenever they are read.
 * @returns undefined if the value is no Uint8Array.
 */
export function ownView(value: unknown): Uint8Array | undefined {
  if (!types.isUint8Array(value)) return undefined;
  const buffer = partOf(value, 'buffer');
  if (!types.isAnyArrayBuffer(buffer)) return undefined;
  return new Uint8Array(buffer, Number(partOf(value, 'byteOffset')), Number(partOf(value, 'byteLength')));
}

/** Items of a typed array, whatever its own members say. */
export function lengthOf(view: NodeJS.TypedArray): number {
  return Number(partOf(view, 'length'));
}

/** As the language has it, since an object may have its own member of that name. */
function partOf(view: NodeJS.TypedArray, part: Part): unknown {
  return Reflect.get(Object(TYPED_ARRAY), part, view);
}
