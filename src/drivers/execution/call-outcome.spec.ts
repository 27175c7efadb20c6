import { BmcError, InvalidParameterValue, JobCancelled, OutcomeUnknown } from '@ferrule/driver-kit';
import { outcomeOf } from './call-outcome.js';
import { MethodAbandoned, MethodTimeout, ServiceStopping, VendorPassthruException } from './method-errors.js';

describe('outcomeOf', () => {
  it.each([
    ['a wrong value', new InvalidParameterValue('no'), false, 'refused'],
    ['a BMC that does not answer', new BmcError('RedfishError', 'timeout', 'late'), false, 'failed'],
    ['an error that is not of the kit', new VendorPassthruException('bug'), false, 'failed'],
    ['an error that was left behind', new VendorPassthruException('bug'), true, 'failed'],
    ['the time limit of the method', new MethodTimeout('flash', 1_000), true, 'timeout'],
    ['a cancelled job', new JobCancelled('cancelled'), true, 'aborted'],
    ['a shutdown', new ServiceStopping(), true, 'aborted'],
    ['a method that does not stop', new MethodAbandoned('flash'), true, 'unknown'],
    ['a lost answer', new OutcomeUnknown('lost'), false, 'unknown'],
  ])('knows %s', (_what, error, isAborted, outcome) => expect(outcomeOf(error, isAborted)).toBe(outcome));
});
