import { type Row } from '../row.js';
import { discovery } from './discovery.js';
import { drivers } from './drivers.js';
import { errors } from './errors.js';
import { names } from './names.js';
import { nodeCreate } from './node-create.js';
import { versions } from './versions.js';

/** The whole table, by resource. */
export const TABLE: Readonly<Record<string, readonly Row[]>> = {
  discovery,
  versions,
  errors,
  drivers,
  'nodes: create': nodeCreate,
  'nodes: names': names,
};
