import { Inject } from '@nestjs/common';

/**
 * Applies decorators to a class, which JavaScript has no syntax for.
 * @param {Function} target the class
 * @param {object} how
 * @param {Function[]} how.inject what the parameters of the constructor are, in order
 * @param {Record<string, Function>} how.methods a decorator for each method
 * @param {Function} how.as the decorator of the class
 */
export function decorate(target, { inject = [], methods = {}, as }) {
  inject.forEach((provider, index) => Inject(provider)(target, undefined, index));
  for (const [key, decorator] of Object.entries(methods)) {
    decorator(target.prototype, key, Object.getOwnPropertyDescriptor(target.prototype, key));
  }
  as?.(target);
}
