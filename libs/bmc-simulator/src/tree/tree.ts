import { normalisePath } from './paths.js';
import { isJsonObject, type JsonObject, link, linksOf } from './json.js';

/** The resources of one BMC by path, each with a revision, from which ETags are made. */
export class ResourceTree {
  private readonly resources = new Map<string, JsonObject>();
  private readonly revisions = new Map<string, number>();

  constructor(resources: Readonly<Record<string, JsonObject>> = {}) {
    for (const [path, resource] of Object.entries(resources)) {
      this.set(path, resource);
    }
  }

  get(path: string): JsonObject | undefined {
    return this.resources.get(normalisePath(path));
  }

  has(path: string): boolean {
    return this.resources.has(normalisePath(path));
  }

  paths(): string[] {
    return [...this.resources.keys()];
  }

  revision(path: string): number {
    return this.revisions.get(normalisePath(path)) ?? 0;
  }

  set(path: string, resource: JsonObject): void {
    this.resources.set(normalisePath(path), structuredClone(resource));
    this.touch(path);
  }

  /** Replaces properties of a resource; nested objects are merged, as PATCH does. */
  patch(path: string, changes: JsonObject): void {
    const resource = this.get(path);
    if (resource) {
      merge(resource, structuredClone(changes));
      this.touch(path);
    }
  }

  delete(path: string): void {
    this.resources.delete(normalisePath(path));
  }

  members(collection: string): string[] {
    return linksOf(this.get(collection)?.['Members']);
  }

  addMember(collection: string, path: string, resource: JsonObject): void {
    this.set(path, resource);
    const members = this.members(collection);
    if (!members.some((member) => normalisePath(member) === normalisePath(path))) {
      this.setMembers(collection, [...members, path]);
    }
  }

  removeMember(collection: string, path: string): void {
    this.delete(path);
    const gone = normalisePath(path);
    this.setMembers(
      collection,
      this.members(collection).filter((member) => normalisePath(member) !== gone),
    );
  }

  private setMembers(collection: string, members: readonly string[]): void {
    this.patch(collection, { Members: members.map(link), 'Members@odata.count': members.length });
  }

  private touch(path: string): void {
    this.revisions.set(normalisePath(path), this.revision(path) + 1);
  }
}

function merge(target: JsonObject, changes: JsonObject): void {
  for (const [key, value] of Object.entries(changes)) {
    const present = target[key];
    if (isJsonObject(value) && isJsonObject(present)) {
      merge(present, value);
    } else {
      target[key] = value;
    }
  }
}
