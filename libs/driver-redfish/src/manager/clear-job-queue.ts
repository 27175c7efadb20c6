import { type JsonObject as ResultObject, UnsupportedDriverExtension } from '@ferrule/driver-kit';
import { actionTarget, linkOf, RedfishNotFoundError, type RedfishResource, valueAt } from '@ferrule/redfish';
import { type BmcCall } from '../bmc/bmc-call.js';
import { type ClearJobQueueArgs } from './clear-job-queue.args.js';

const DELETE = '#DellJobService.DeleteJobQueue';

/** Removes all jobs of an iDRAC, at most once. Other BMCs have no job queue of this kind. */
export async function clearJobQueue(call: BmcCall, { force }: ClearJobQueueArgs): Promise<ResultObject> {
  const { bmc, options, nodeUuid } = call;
  const managers = await bmc.managers(await bmc.system(options), options);
  const links = managers.map(({ body }) => linkOf(valueAt(body, 'Links', 'Oem', 'Dell', 'DellJobService')));
  const link = links.find((each) => each !== undefined);
  const service = link === undefined ? undefined : await readOrNone(call, link);
  const target = service && actionTarget(service.body, DELETE);
  if (target === undefined) {
    throw new UnsupportedDriverExtension(`The BMC of node ${nodeUuid} has no job queue to clear.`);
  }
  const id = force ? 'JID_CLEARALL_FORCE' : 'JID_CLEARALL';
  await bmc.post(target, { JobID: id }, options);
  return { job_id: id };
}

async function readOrNone({ bmc, options }: BmcCall, path: string): Promise<RedfishResource | undefined> {
  try {
    return await bmc.get(path, options);
  } catch (error) {
    if (error instanceof RedfishNotFoundError) return undefined;
    throw error;
  }
}
