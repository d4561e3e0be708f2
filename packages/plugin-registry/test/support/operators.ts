import {operator, type Role} from '../../src/server/store/store.js'
import type {ServerConfig} from '../../src/server/config.js'
import {type Answer, type CleanupScope, createWorld, type Request} from './world.js'

/** olga and otto are operators, ada is an admin of acme, bob publishes there, and eve is only a user. */
export async function withOperators(t: CleanupScope, changes: Partial<ServerConfig> = {}) {
  const world = await createWorld(t, changes)
  for (const name of ['ada', 'bob', 'eve', 'olga', 'otto']) await world.addUser(name)
  await world.addOrganization('acme', {ada: 'admin', bob: 'publisher'} satisfies Record<string, Role>)
  for (const name of ['olga', 'otto']) await world.store.users.setOperator(`id-of-${name}`, true, operator, world.now())
  const {accessToken: session} = await world.logIn('olga')
  const call = (method: string, path: string, request: Request = {}) =>
    world.call(method, `/operator${path}`, {token: session, ...request})
  return {world, session, call}
}

/** The status, and the code of a refusal. */
export function codeOf({status, body}: Answer): string {
  return status < 400 ? String(status) : `${status} ${body.error.code}`
}
