import {
  type Attachment,
  type ExclusiveTask,
  type JsonObject,
  Passthru,
  type RehearsalTask,
  type SharedTask,
} from '@ferrule/driver-kit';
import { IndicatorLedArgs } from './chassis/indicator-led.args.js';
import { indicatorLed } from './chassis/indicator-led.js';
import { sensors } from './chassis/sensors.js';
import { UpdateFirmwareArgs } from './firmware/firmware.args.js';
import { firmwareInventory, updateFirmware } from './firmware/firmware.js';
import { ClearLogsArgs, DownloadLogsArgs, GetLogsArgs } from './logs/logs.args.js';
import { clearLogs, downloadLogs, getLogs } from './logs/logs.js';
import { ClearJobQueueArgs } from './manager/clear-job-queue.args.js';
import { clearJobQueue } from './manager/clear-job-queue.js';
import { BmcResetArgs } from './manager/bmc-reset.args.js';
import { bmcReset } from './manager/bmc-reset.js';
import { READ_WITH_ARGUMENTS, RedfishVendor, SLOW } from './redfish.vendor.js';
import { SubmitTestEventArgs } from './subscriptions/test-event.args.js';
import { submitTestEvent } from './subscriptions/test-event.js';

/** Methods of `redfish-extended` for the care of a machine: its BMC, logs, firmware, sensors, LED and events. */
export abstract class RedfishMaintenance extends RedfishVendor {
  @Passthru({
    rehearsal: true,
    http: ['POST'],
    effect: 'disruptive',
    args: BmcResetArgs,
    description:
      "Reset the BMC, and wait until it answers again. Optional argument: 'warm' (true): false forces the restart",
  })
  async bmcReset(task: ExclusiveTask | RehearsalTask, wanted: BmcResetArgs): Promise<JsonObject> {
    return this.pool.use(task, (call) => bmcReset(call, wanted));
  }

  @Passthru({
    http: READ_WITH_ARGUMENTS,
    async: false,
    lock: 'shared',
    effect: 'read',
    args: GetLogsArgs,
    timeout: SLOW,
    description:
      "Returns entries of a log of the BMC. Optional arguments: 'log' (the Id; by default that of hardware events), " +
      "'skip' (0), 'limit' (100)",
  })
  async getLogs(task: SharedTask, wanted: GetLogsArgs): Promise<JsonObject> {
    return this.pool.use(task, (call) => getLogs(call, wanted));
  }

  @Passthru({
    http: READ_WITH_ARGUMENTS,
    async: false,
    attach: true,
    lock: 'shared',
    effect: 'read',
    args: DownloadLogsArgs,
    timeout: SLOW,
    description: "Returns a whole log of the BMC as a JSON file. Optional argument: 'log' (the Id)",
  })
  async downloadLogs(task: SharedTask, wanted: DownloadLogsArgs): Promise<Attachment> {
    return this.pool.use(task, (call) => downloadLogs(call, wanted));
  }

  @Passthru({
    rehearsal: true,
    http: ['POST'],
    effect: 'destructive',
    args: ClearLogsArgs,
    description: "Clear a log of the BMC. Required argument: 'log', the Id",
  })
  async clearLogs(task: ExclusiveTask | RehearsalTask, wanted: ClearLogsArgs): Promise<JsonObject> {
    return this.pool.use(task, (call) => clearLogs(call, wanted));
  }

  @Passthru({
    http: ['GET'],
    async: false,
    lock: 'shared',
    timeout: SLOW,
    description: 'Returns the firmware of the node and its versions.',
  })
  async firmwareInventory(task: SharedTask): Promise<JsonObject> {
    return this.pool.use(task, firmwareInventory);
  }

  @Passthru({
    rehearsal: true,
    http: ['POST'],
    effect: 'disruptive',
    args: UpdateFirmwareArgs,
    timeout: '2h',
    description:
      "Update firmware. Required argument: 'image', a URI that the BMC reads. Optional arguments: 'upload' (true: this " +
      "service reads it and uploads it), 'targets' (paths of firmware_inventory), 'username', 'password', 'apply_time'",
  })
  async updateFirmware(task: ExclusiveTask | RehearsalTask, wanted: UpdateFirmwareArgs): Promise<JsonObject> {
    return this.pool.use(task, (call) => updateFirmware(call, wanted, this.pool.images));
  }

  @Passthru({
    rehearsal: true,
    http: ['POST'],
    args: IndicatorLedArgs,
    description: "Set the LED that shows where the node is. Required argument: 'state': lit, blinking or off",
  })
  async indicatorLed(task: ExclusiveTask | RehearsalTask, wanted: IndicatorLedArgs): Promise<JsonObject> {
    return this.pool.use(task, (call) => indicatorLed(call, wanted));
  }

  @Passthru({
    http: ['GET'],
    async: false,
    lock: 'shared',
    timeout: SLOW,
    description: 'Returns the readings of the sensors of the node.',
  })
  async sensors(task: SharedTask): Promise<JsonObject> {
    return this.pool.use(task, sensors);
  }

  @Passthru({
    rehearsal: true,
    http: ['POST'],
    args: SubmitTestEventArgs,
    description:
      'Let the BMC send a test event to its subscribers. ' +
      "Optional arguments: 'event_type', 'message_id', 'message', 'severity'",
  })
  async submitTestEvent(
    task: ExclusiveTask | RehearsalTask,
    wanted: SubmitTestEventArgs,
  ): Promise<JsonObject> {
    return this.pool.use(task, (call) => submitTestEvent(call, wanted));
  }

  @Passthru({
    rehearsal: true,
    http: ['POST'],
    effect: 'disruptive',
    args: ClearJobQueueArgs,
    description: "Remove all jobs of an iDRAC. Optional argument: 'force' (false) removes jobs that run, too",
  })
  async clearJobQueue(task: ExclusiveTask | RehearsalTask, wanted: ClearJobQueueArgs): Promise<JsonObject> {
    return this.pool.use(task, (call) => clearJobQueue(call, wanted));
  }
}
