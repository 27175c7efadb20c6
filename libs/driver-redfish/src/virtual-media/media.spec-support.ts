import { bench, bmc } from '../../test/started.js';

export interface Slot {
  readonly slot: string;
  readonly media_types: readonly string[];
  readonly was_inserted: boolean | null;
  readonly ejected: boolean;
  readonly image: string | null;
}

export const eject = async (boot_device?: string | null): Promise<Slot[]> => {
  const { slots } = await bench.ask('eject_vmedia', boot_device === undefined ? {} : { boot_device });
  return slots as Slot[];
};

export const mounted = () => bmc.media.filter(({ inserted }) => inserted).map(({ id }) => id);
