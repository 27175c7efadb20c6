import {
  RedfishConnectionError,
  RedfishError,
  RedfishNotReadyError,
  RedfishServiceError,
} from '../../errors.js';
import { failureOf, useBmc } from '../../bmc.spec-support.js';
import { orItsTask } from './new-task.js';

const ACTION = '/redfish/v1/UpdateService/Actions/UpdateService.SimpleUpdate';
const TASKS = '/redfish/v1/TaskService/Tasks';

describe('the new task after an update without an answer', () => {
  const lab = useBmc({}, { misbehave: { updateTask: { polls: 1_000 } } });
  const lost = () =>
    RedfishError.note(new RedfishConnectionError('reset', false, 'It broke.'), { words: 'It may be done.' });

  /** What another client, or this one, began before the request failed. */
  const begin = async (...targets: readonly (string | undefined)[]): Promise<void> => {
    for (const [index, TargetUri] of targets.entries()) {
      await lab.client.post(ACTION, { ImageURI: 'https://192.0.2.1/bmc.bin' }, { follow: false });
      if (TargetUri !== undefined) lab.bmc.change(`${TASKS}/${index + 1}`, { Payload: { TargetUri } });
    }
  };
  const update = async (error: Error, ...targets: readonly (string | undefined)[]) =>
    orItsTask(lab.client, ACTION, { follow: false }, async () => {
      await begin(...targets);
      throw error;
    });

  it.each([
    ['the only one', [undefined], '1'],
    ['the only one, which names the target', [ACTION], '1'],
    ['the one that names the target, in any form', [undefined, `${ACTION}/`], '2'],
    ['the one that names no other target', ['/redfish/v1/Systems/1/Bios/Settings', undefined], '2'],
  ])('is %s', async (_which, targets, id) => {
    expect((await update(lost(), ...targets)).body).toMatchObject({ Id: id });
  });

  it.each([
    ['the only one names another target', ['/redfish/v1/Systems/1/Bios/Settings']],
    ['there are two that name none', [undefined, undefined]],
    ['there are two that name the target', [ACTION, ACTION]],
  ])('is not known where %s', async (_why, targets) => {
    expect(await failureOf(update(lost(), ...targets))).toBeInstanceOf(RedfishConnectionError);
  });

  it('is looked for after a 500, and not after a 503, which is a refusal', async () => {
    const failed = new RedfishServiceError('It failed.', { status: 500 });
    expect((await update(failed, undefined)).body).toMatchObject({ Id: '1' });
    const busy = new RedfishNotReadyError('It is busy.', { status: 503, retryAfter: 30_000 });
    expect(await failureOf(update(busy, undefined))).toBe(busy);
  });
});
