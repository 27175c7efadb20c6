import { type JsonObject } from '../tree/json.js';
import { collection } from '../tree/layout.js';
import { base } from './base.js';
import { type MediaPlan } from './blueprint.js';

export function media(path: string, plan: MediaPlan): Record<string, JsonObject> {
  const members = plan.media.map(({ id }) => `${path}/${id}`);
  const resources = plan.media.map(({ id, mediaTypes, extra }): [string, JsonObject] => [
    `${path}/${id}`,
    {
      ...base(`${path}/${id}`, 'VirtualMedia.v1_3_0.VirtualMedia', id, 'Virtual Media'),
      ...(mediaTypes && { MediaTypes: [...mediaTypes] }),
      ...(plan.emptyImage !== undefined && { Image: plan.emptyImage, ImageName: plan.emptyImage }),
      Inserted: false,
      ConnectedVia: 'NotConnected',
      WriteProtected: true,
      ...extra,
      ...(plan.actions.length > 0 && { Actions: actions(`${path}/${id}`, plan.actions) }),
    },
  ]);
  return {
    [path]: collection(path, 'VirtualMediaCollection', 'Virtual Media', members),
    ...Object.fromEntries(resources),
  };
}

function actions(path: string, names: MediaPlan['actions']): JsonObject {
  return Object.fromEntries(
    names.map((name) => [`#VirtualMedia.${name}`, { target: `${path}/Actions/VirtualMedia.${name}` }]),
  );
}
