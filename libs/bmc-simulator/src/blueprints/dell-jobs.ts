import { type JsonObject } from '../tree/json.js';
import { base } from './base.js';

export function dellJobs(path: string): Record<string, JsonObject> {
  const target = `${path}/Actions/DellJobService.DeleteJobQueue`;
  return {
    [path]: {
      ...base(path, 'DellJobService.v1_2_0.DellJobService', 'Job Service', 'DellJobService'),
      Actions: { '#DellJobService.DeleteJobQueue': { target } },
    },
  };
}
