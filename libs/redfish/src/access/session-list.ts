import type { Reply } from '../wire/answer.js';
import { RedfishNotFoundError } from '../errors.js';
import { linksOf, textAt } from '../json.js';
import type { Links } from '../wire/links.js';

/** Most sessions that are read one by one; BMCs allow fewer. */
const MOST = 64;

export interface ListedSession {
  readonly path: string;
  readonly user: string | undefined;
  /** Milliseconds by the clock of the BMC. */
  readonly created: number | undefined;
  readonly client: string | undefined;
}

/** The sessions of a BMC. Those that end meanwhile are left out. */
export async function listed(
  collection: string,
  links: Links,
  read: (path: string) => Promise<Reply>,
): Promise<ListedSession[]> {
  const { body: list } = await read(collection);
  const sessions: ListedSession[] = [];
  for (const link of linksOf(list?.['Members']).slice(0, MOST)) {
    const path = links.resolve(link);
    try {
      const { body } = await read(path);
      const created = Date.parse(textAt(body, 'CreatedTime') ?? '');
      sessions.push({
        path,
        user: textAt(body, 'UserName'),
        created: Number.isNaN(created) ? undefined : created,
        client: textAt(body, 'ClientOriginIPAddress'),
      });
    } catch (error) {
      if (!(error instanceof RedfishNotFoundError)) throw error;
    }
  }
  return sessions;
}
