import { BadRequest, NotAcceptable } from '../../http/errors.js';
import { listed } from '../../text/listed.js';
import { fieldsSince, isFieldOf, type ResourceFields } from '../resource-field.js';

export interface Sort<F extends string> {
  /** A field, or `id` for the order of creation. */
  readonly key: F | 'id';
  readonly direction: 'asc' | 'desc';
}

/** Which fields of a resource a request asks for, and by which it sorts. All throw BadRequest (400), NotAcceptable (406). */
export class ShownFields<F extends string> {
  /** @param summary the fields of a list without `fields` and `detail`. */
  constructor(
    private readonly fields: ResourceFields<F>,
    private readonly summary: readonly F[],
  ) {}

  all(microversion: number): F[] {
    return fieldsSince(this.fields, microversion);
  }

  ofList(
    asked: { readonly detail: boolean; readonly fields?: readonly string[] | undefined },
    microversion: number,
  ): F[] {
    if (asked.fields && asked.detail) {
      throw new BadRequest('detail=True and fields cannot be given in the same request.');
    }
    if (asked.fields) return this.known(asked.fields, microversion, () => true);
    if (asked.detail) return this.all(microversion);
    return this.summary.filter((name) => this.fields[name].since <= microversion);
  }

  ofOne(asked: readonly string[] | undefined, microversion: number): F[] {
    if (!asked) return this.all(microversion);
    return this.known(asked, microversion, (name) => this.fields[name].isNeverSelected !== true);
  }

  sort(key: string, direction: 'asc' | 'desc', microversion: number): Sort<F> {
    if (key === 'id') return { key, direction };
    if (!isFieldOf(this.fields, key) || this.fields[key].unsortable) {
      throw new BadRequest(`The sort_key value "${key}" is an invalid field for sorting`);
    }
    const { since } = this.fields[key];
    if (since > microversion) throw NotAcceptable.before(`sort_key ${key}`, since);
    return { key, direction };
  }

  private known(names: readonly string[], microversion: number, isAllowed: (name: F) => boolean): F[] {
    const fields = names.filter((name) => isFieldOf(this.fields, name)).filter(isAllowed);
    const unknown = names.filter((name) => !fields.some((field) => field === name));
    if (unknown.length > 0) throw new BadRequest(`Field(s) ${listed(unknown)} are not valid.`);
    for (const name of fields) {
      const { since } = this.fields[name];
      if (since > microversion) throw NotAcceptable.before(name, since);
    }
    return fields;
  }
}

/** Parameters of the link to the next page: as they were given; comma lists, which may be given in parts, as they were read. */
export function repeatedParameters(
  names: readonly string[],
  query: ReadonlyMap<string, readonly string[]>,
  parsed: object,
  sort: Sort<string>,
): [name: string, value: string][] {
  return [
    ['sort_key', sort.key],
    ['sort_dir', sort.direction],
    ...names.flatMap((name): [string, string][] => {
      const values = query.get(name);
      if (!values) return [];
      const list: unknown = Reflect.get(parsed, name);
      return [[name, (Array.isArray(list) ? list : values).join(',')]];
    }),
  ];
}
