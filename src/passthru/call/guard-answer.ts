import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import { type Response } from 'express';
import { type Answer, sendAnswer } from '../../http/replies/answer.js';

/** Thrown by a guard that answers the request itself, so that the call is not run. */
export class GuardAnswer extends Error {
  constructor(readonly answer: Answer) {
    super('A guard has answered the request.');
  }
}

@Catch(GuardAnswer)
export class GuardAnswerFilter implements ExceptionFilter<GuardAnswer> {
  catch({ answer }: GuardAnswer, host: ArgumentsHost): void {
    sendAnswer(host.switchToHttp().getResponse<Response>(), answer);
  }
}
