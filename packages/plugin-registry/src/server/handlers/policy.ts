import {idempotencyWindow} from '../store/idempotency.js'
import type {Handler} from './handler.js'

/** The limits that clients need to know before a request. The rates that slow down attackers aren't included. */
export const getPolicy: Handler<'getPolicy'> = async (_call, {store, config}) => {
  const {maxTokenLifetime, defaultTokenLifetime, maxTokens, confirmAfter} = await store.policy.read()
  return {
    ...{maxTokenLifetime, defaultTokenLifetime, maxTokens},
    confirmAfter: Math.ceil(confirmAfter / 1000),
    ...(config.browserLogin && {browserLogin: true}),
    idempotencyWindow: idempotencyWindow / 1000,
  }
}
