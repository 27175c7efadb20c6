import { type JsonObject as ResultObject } from '@ferrule/driver-kit';
import { Sensors } from '@ferrule/redfish';
import { type BmcCall } from '../bmc/bmc-call.js';
import { unreadView } from '../bmc/unread-view.js';
import { orUnsupported } from '../bmc/unsupported.js';

const MISSING = { Sensors: 'shows no sensors of its chassis' };

export async function sensors(call: BmcCall): Promise<ResultObject> {
  return orUnsupported(call, MISSING, async () => {
    const { readings, unread } = await new Sensors(call.bmc).list(call.options);
    const shown = readings.map(({ name, type, reading, units, health, state }) => ({
      name: name ?? null,
      type: type ?? null,
      reading: reading ?? null,
      units: units ?? null,
      health: health ?? null,
      state: state ?? null,
    }));
    return { sensors: shown, ...unreadView(unread) };
  });
}
