export { Answer } from './host/answer.js';
export {
  type CallOptions,
  Host,
  type HostNode,
  type Job,
  type ListedMethod,
  type NodeOptions,
  startHost,
  type StartHostOptions,
} from './host/host.js';
export {
  type FakeCallOptions,
  type FakeDriverTask,
  fakeDriverTask,
  type FakeSharedTask,
  type FakeTask,
  fakeTask,
  type FakeTaskControls,
  type FakeTaskOptions,
} from './task/fake-task.js';
