import { type JsonObject, link } from '../tree/json.js';
import { collection, ROOT } from '../tree/layout.js';
import { base } from './base.js';
import { type Blueprint } from './blueprint.js';

/** The services for sessions, events, tasks and jobs. */
export function services(plan: Blueprint): Record<string, JsonObject> {
  const sessions = `${ROOT}/SessionService`;
  const events = `${ROOT}/EventService`;
  const tasks = `${ROOT}/TaskService`;
  const jobs = `${ROOT}/JobService`;
  return {
    [sessions]: {
      ...base(sessions, 'SessionService.v1_1_8.SessionService', 'SessionService', 'Session Service'),
      ServiceEnabled: true,
      SessionTimeout: plan.sessionTimeout,
      Sessions: link(`${sessions}/Sessions`),
    },
    [`${sessions}/Sessions`]: collection(`${sessions}/Sessions`, 'SessionCollection', 'Sessions'),
    [events]: {
      ...base(events, 'EventService.v1_7_0.EventService', 'EventService', 'Event Service'),
      ServiceEnabled: true,
      ...plan.eventService,
      Subscriptions: link(`${events}/Subscriptions`),
      Actions: {
        '#EventService.SubmitTestEvent': { target: `${events}/Actions/EventService.SubmitTestEvent` },
      },
    },
    ...subscriptions(`${events}/Subscriptions`, plan.subscriptionCapabilities),
    [tasks]: {
      ...base(tasks, 'TaskService.v1_1_5.TaskService', 'TaskService', 'Task Service'),
      ServiceEnabled: true,
      Tasks: link(`${tasks}/Tasks`),
    },
    [`${tasks}/Tasks`]: collection(`${tasks}/Tasks`, 'TaskCollection', 'Tasks'),
    ...(plan.hasJobService && {
      [jobs]: {
        ...base(jobs, 'JobService.v1_0_4.JobService', 'JobService', 'Job Service'),
        ServiceEnabled: true,
        Jobs: link(`${jobs}/Jobs`),
      },
      [`${jobs}/Jobs`]: collection(`${jobs}/Jobs`, 'JobCollection', 'Jobs'),
    }),
  };
}

function subscriptions(path: string, capabilities: JsonObject | undefined): Record<string, JsonObject> {
  const plain = collection(path, 'EventDestinationCollection', 'Event Subscriptions');
  if (!capabilities) {
    return { [path]: plain };
  }
  const id = 'Capabilities';
  const use = { CapabilitiesObject: link(`${path}/${id}`), Links: { TargetCollection: link(path) } };
  return {
    [path]: { ...plain, '@Redfish.CollectionCapabilities': { Capabilities: [use] } },
    [`${path}/${id}`]: {
      ...base(`${path}/${id}`, 'EventDestination.v1_11_2.EventDestination', id, id),
      ...capabilities,
    },
  };
}
