import type {Handler} from './handler.js'

/** What clients need to know before they ask for something. The rates that slow attackers down aren't among it. */
export const getPolicy: Handler<'getPolicy'> = async (_call, {store}) => {
  const {maxTokenLifetime, defaultTokenLifetime, maxTokens, confirmAfter} = await store.policy.read()
  return {maxTokenLifetime, defaultTokenLifetime, maxTokens, confirmAfter: Math.ceil(confirmAfter / 1000)}
}
