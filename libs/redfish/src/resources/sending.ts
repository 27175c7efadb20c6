import type { ClientAccess } from '../access/client-access.js';
import { RedfishArgumentError, RedfishError, RedfishPreconditionError } from '../errors.js';
import { textAt } from '../json.js';
import { firstEtag, type Reply } from '../wire/answer.js';
import type { RedfishRequest } from '../types.js';
import { LOST_BEFORE } from '../access/sending.js';
import { closeUnread } from '../wire/multipart.js';
import { conditionally, type Etags } from './etag.js';

const CUSTOM_HEADER = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/**
 * Sends a request; one that changes a resource with If-Match in the form this BMC accepts. The stream of an upload is
 * closed also if nothing of it was read.
 */
export async function send(access: ClientAccess, request: RedfishRequest): Promise<Reply> {
  try {
    return await sendConditionally(access, request);
  } finally {
    if (request.upload !== undefined) closeUnread(request.upload.file);
  }
}

async function sendConditionally(access: ClientAccess, request: RedfishRequest): Promise<Reply> {
  const { method, path, ifMatch, signal, timeout, mayRedirect } = request;
  const headers = checked(request.headers ?? {});
  let wasLost = false;
  const attempt = async (etag?: string): Promise<Reply> => {
    try {
      return await access.call(request, etag === undefined ? headers : { ...headers, 'if-match': etag });
    } catch (error) {
      if (!(error instanceof RedfishError)) throw error;
      wasLost ||= error.mayBeDone;
      throw wasLost ? RedfishError.note(error, { words: LOST_BEFORE }) : error;
    }
  };
  if (method === 'GET' || method === 'POST' || ifMatch === false) return attempt();
  if (typeof ifMatch === 'string') return attempt(ifMatch);
  if (method === 'DELETE') {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof RedfishPreconditionError)) throw error;
    }
  }
  const read = async (): Promise<Etags> => {
    try {
      const { headers, body } = await access.call({
        method: 'GET',
        path,
        signal,
        timeout,
        mayRedirect: mayRedirect && ((_method, place) => mayRedirect(method, place)),
      });
      return { header: firstEtag(headers['etag']), body: textAt(body, '@odata.etag') };
    } catch (error) {
      // Some resources can be written although they cannot be read.
      if (error instanceof RedfishError && error.status !== undefined && error.status !== 401) return {};
      throw error;
    }
  };
  const { memory, behaviour } = access.bmc;
  return conditionally({ path, read, send: attempt, memory, preferred: behaviour.etag });
}

function checked(headers: Readonly<Record<string, string>>): Record<string, string> {
  for (const [name, value] of Object.entries(headers)) {
    if (!CUSTOM_HEADER.test(name)) {
      throw new RedfishArgumentError('headers', `${JSON.stringify(name)} is not the name of a header.`);
    }
    if ([...value].some((char) => char < ' ' || char > '~')) {
      const text = `The value of the header ${name} has characters other than printable ASCII.`;
      throw new RedfishArgumentError('headers', text);
    }
  }
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
