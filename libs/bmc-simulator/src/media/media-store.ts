import { Refusal } from '../messages/errors.js';
import { type JsonObject, linkOf, stringOf, textOf } from '../tree/json.js';
import { type Switches } from '../misbehaviours/switches.js';
import { normalisePath } from '../tree/paths.js';
import { type ResourceTree } from '../tree/tree.js';
import { type MediaRules } from '../profiles/vendor-rules.js';

export interface MediumState {
  readonly path: string;
  readonly id: string;
  readonly inserted: boolean;
  readonly image: string | undefined;
}

/** The virtual media of a BMC and what is in them. */
export class MediaStore {
  constructor(
    private readonly tree: ResourceTree,
    private readonly rules: MediaRules,
    private readonly switches: Switches,
  ) {}

  get collections(): string[] {
    const links = this.tree
      .paths()
      .filter((path) => /\/(Systems|Managers)\/[^/]+$/.test(path))
      .map((path) => linkOf(this.tree.get(path)?.['VirtualMedia']))
      .filter((path) => path !== undefined);
    return [...new Set(links.map(normalisePath))];
  }

  get list(): MediumState[] {
    return this.paths().map((path) => {
      const { Id, Inserted, Image } = this.tree.get(path) ?? {};
      return { path, id: textOf(Id), inserted: Inserted === true, image: stringOf(Image) };
    });
  }

  owns(path: string): boolean {
    return this.paths().includes(normalisePath(path));
  }

  get(path: string): JsonObject {
    return this.tree.get(path) ?? {};
  }

  insert(path: string, image: string, more: JsonObject = {}): void {
    const ImageName = image.split('/').at(-1) ?? image;
    const changes = { Image: image, ImageName, Inserted: true, ConnectedVia: 'URI', ...more };
    this.twins(path).forEach((twin) => this.tree.patch(twin, changes));
  }

  /** The path of a medium by path, by Id, or by the end of its path (`Managers/1/VirtualMedia/2`). */
  find(slot: string): string | undefined {
    const paths = this.paths();
    const wanted = normalisePath(slot);
    return (
      paths.find((path) => path === wanted) ??
      paths.find((path) => this.tree.get(path)?.['Id'] === slot) ??
      paths.find((path) => path.endsWith(`/${wanted}`))
    );
  }

  remove(path: string): void {
    const { ejectEmpty, emptyImage } = this.rules;
    const refusal = ejectEmpty ?? (this.switches.get('emptyMediaInserted') ? 'ResourceInUse' : undefined);
    if (refusal !== undefined && this.tree.get(path)?.['Inserted'] !== true) {
      throw new Refusal(400, { id: refusal, text: 'No virtual medium is connected.' });
    }
    const isKept = this.switches.get('imageNameKept') ?? this.rules.isImageNameKept;
    for (const twin of this.twins(path)) {
      this.tree.patch(twin, { Inserted: false, ConnectedVia: 'NotConnected', Image: emptyImage });
      if (!isKept) {
        this.tree.patch(twin, { ImageName: emptyImage });
      }
    }
  }

  private twins(path: string): string[] {
    const id = this.tree.get(path)?.['Id'];
    const others = this.rules.isMirrored
      ? this.paths().filter((one) => this.tree.get(one)?.['Id'] === id)
      : [];
    return [...new Set([normalisePath(path), ...others])];
  }

  private paths(): string[] {
    const members = this.collections.flatMap((collection) => this.tree.members(collection));
    return [...new Set(members.map(normalisePath))].filter((path) => this.tree.has(path));
  }
}
