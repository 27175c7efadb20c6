/** The type a client must write; `null` and removal set the field's `empty` value. */
export type FieldType = 'text' | 'boolean' | 'object' | 'uuid' | 'mac' | 'interface';

/** A field of what the API keeps: of a node, a chassis. */
export interface ResourceField {
  /** N of the 1.N that introduced the field; below it the field is neither shown nor accepted. */
  readonly since: number;
  /** On creation (C), by PATCH (P). */
  readonly write: '' | 'C' | 'P' | 'CP';
  readonly type?: FieldType;
  /** In characters. */
  readonly minimum?: number;
  readonly maximum?: number;
  /** The initial value; a field without one is mandatory. */
  readonly empty?: unknown;
  /** The value after null or removal by PATCH, where it is not `empty`. */
  readonly cleared?: null;
  readonly unsortable?: true;
  /** `fields` of a single resource cannot name it. */
  readonly isNeverSelected?: true;
}

/** In display order. */
export type ResourceFields<F extends string> = Readonly<Record<F, ResourceField>>;

export function namesOf<F extends string>(fields: ResourceFields<F>): F[] {
  return Object.keys(fields).filter((name) => isFieldOf(fields, name));
}

export function isFieldOf<F extends string>(fields: ResourceFields<F>, name: string): name is F {
  return Object.hasOwn(fields, name);
}

/** Those that a microversion has. */
export function fieldsSince<F extends string>(fields: ResourceFields<F>, microversion: number): F[] {
  return namesOf(fields).filter((name) => fields[name].since <= microversion);
}
