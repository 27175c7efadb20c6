import { ami } from './ami.js';
import { dellIdrac9 } from './dell.js';
import { generic } from './generic.js';
import { hpeIlo4, hpeIlo5, hpeIlo6 } from './hpe.js';
import { lenovoXcc } from './lenovo.js';
import { nvidiaBluefield, nvidiaDgxH100, nvidiaNvswitch } from './nvidia.js';
import { openbmc } from './openbmc.js';
import { type VendorProfile } from './profile.js';
import { supermicroX10, supermicroX13 } from './supermicro.js';

export const profiles = {
  generic,
  'dell-idrac9': dellIdrac9,
  'hpe-ilo4': hpeIlo4,
  'hpe-ilo5': hpeIlo5,
  'hpe-ilo6': hpeIlo6,
  'lenovo-xcc': lenovoXcc,
  'supermicro-x10': supermicroX10,
  'supermicro-x13': supermicroX13,
  openbmc,
  ami,
  'nvidia-dgx-h100': nvidiaDgxH100,
  'nvidia-nvswitch': nvidiaNvswitch,
  'nvidia-bluefield': nvidiaBluefield,
} satisfies Record<string, VendorProfile>;

export type ProfileName = keyof typeof profiles;

export const profileNames: readonly ProfileName[] = [
  'generic',
  'dell-idrac9',
  'hpe-ilo4',
  'hpe-ilo5',
  'hpe-ilo6',
  'lenovo-xcc',
  'supermicro-x10',
  'supermicro-x13',
  'openbmc',
  'ami',
  'nvidia-dgx-h100',
  'nvidia-nvswitch',
  'nvidia-bluefield',
];
