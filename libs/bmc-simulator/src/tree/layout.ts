import { childObject, linkOf, type JsonObject } from './json.js';
import { normalisePath } from './paths.js';
import { type ResourceTree } from './tree.js';

export const ROOT = '/redfish/v1';

/** The paths of the services of a tree. Only the root has a fixed path. */
export interface Layout {
  readonly sessionService: string;
  readonly sessions: string;
  readonly eventService: string;
  readonly subscriptions: string;
  readonly tasks: string;
}

export function layoutOf(tree: ResourceTree): Layout {
  const root = tree.get(ROOT);
  const sessionService = linkOf(root?.['SessionService']) ?? `${ROOT}/SessionService`;
  const eventService = linkOf(root?.['EventService']) ?? `${ROOT}/EventService`;
  const taskService = linkOf(root?.['Tasks']) ?? `${ROOT}/TaskService`;
  return {
    sessionService: normalisePath(sessionService),
    sessions: normalisePath(
      linkOf(childObject(root, 'Links')['Sessions']) ??
        linkOf(tree.get(sessionService)?.['Sessions']) ??
        `${ROOT}/SessionService/Sessions`,
    ),
    eventService: normalisePath(eventService),
    subscriptions: normalisePath(
      linkOf(tree.get(eventService)?.['Subscriptions']) ?? `${eventService}/Subscriptions`,
    ),
    tasks: normalisePath(linkOf(tree.get(taskService)?.['Tasks']) ?? `${taskService}/Tasks`),
  };
}

/** Adds the collections that a BMC needs and a recording lacks. */
export function completeLayout(tree: ResourceTree, layout: Layout): void {
  const needed: readonly (readonly [path: string, type: string, name: string])[] = [
    [layout.sessions, 'SessionCollection', 'Sessions'],
    [layout.tasks, 'TaskCollection', 'Tasks'],
    ...(tree.has(layout.eventService)
      ? [[layout.subscriptions, 'EventDestinationCollection', 'Subscriptions'] as const]
      : []),
  ];
  for (const [path, type, name] of needed) {
    if (!tree.has(path)) {
      tree.set(path, collection(path, type, name));
    }
  }
}

export function collection(
  path: string,
  type: string,
  name: string,
  members: readonly string[] = [],
): JsonObject {
  return {
    '@odata.id': path,
    '@odata.type': `#${type}.${type}`,
    Name: name,
    Members: members.map((member) => ({ '@odata.id': member })),
    'Members@odata.count': members.length,
  };
}
