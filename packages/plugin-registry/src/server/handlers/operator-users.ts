import {randomUUID} from 'node:crypto'

import {acceptedPassword} from '../auth/accepted-password.js'
import {newMfaEnrollment} from '../auth/mfa-enrollment.js'
import type {ManagedUser} from '../http/openapi/index.js'
import {Refusal} from '../http/refusal.js'
import type {Departure, User} from '../store/store.js'
import type {Handler} from './handler.js'
import {asOperator, findUser} from './as-operator.js'
import {departureResponse} from './departure-response.js'
import {pageByName} from './page-by-name.js'

export const listUsers: Handler<'listUsers'> = async ({query}, {store}) => {
  const {shown: users, nextCursor} = await pageByName(query, (page) => store.users.list(page))
  return {users: users.map(userResponse), ...nextCursor}
}

export const getUser: Handler<'getUser'> = async ({params}, {store}) => userResponse(await findUser(store, params.user))

export const addUser: Handler<'addUser'> = async (call, {store}) => {
  const {name, email, password} = call.body
  const user = {id: randomUUID(), name, email, passwordHash: await acceptedPassword(password)}
  return asOperator(call, store, async ({users}, by, now) => {
    if ((await users.add(user, by, now)) === 'taken') throw nameTaken(name)
    return userResponse(await findUser(store, name))
  })
}

export const enableUser: Handler<'enableUser'> = async (call, {store}) => {
  const {id} = await findUser(store, call.params.user)
  await asOperator(call, store, ({users}, by, now) => users.setDisabled(id, false, by, now), id)
}

/** Ending the access of another operator takes the role away, in effect, which only commands on the server can do. */
export const endUserAccess: Handler<'endUserAccess'> = async (call, {store}) => {
  const {kind, keepAccess = false, dryRun = false} = call.body
  const {id, name, operatorSince} = await findUser(store, call.params.user)
  const target = id === call.credential.owner.id ? undefined : id
  if (target !== undefined && operatorSince !== null) throw new Refusal('OPERATOR_PROTECTED')
  const departure: Departure = {kind, userId: id}
  const suspension = keepAccess ? null : {reason: reasonOf(kind, name)}
  if (dryRun) return departureResponse(await store.departures.preview(departure, call.now.getTime()))
  const change = asOperator(
    call,
    store,
    ({departures}, by, now) => departures.depart(departure, suspension, by, now),
    target,
  )
  return departureResponse(await change)
}

export const setUserPassword: Handler<'setUserPassword'> = async (call, {store}) => {
  const {id} = await findUser(store, call.params.user)
  const hash = await acceptedPassword(call.body.password)
  await asOperator(call, store, ({users}, by, now) => users.setPassword(id, hash, by, now), id)
}

export const enrollUserMfa: Handler<'enrollUserMfa'> = async (call, {store}) => {
  const {id, name, mfaEnabledAt} = await findUser(store, call.params.user)
  if (mfaEnabledAt !== null && call.body.reset !== true) throw new Refusal('MFA_ALREADY_ENABLED')
  const {stored, shown} = newMfaEnrollment(name)
  await asOperator(call, store, ({users}, by, now) => users.enrollMfa(id, stored, by, now), id)
  return shown
}

export function nameTaken(name: string): Refusal {
  return new Refusal('NAME_TAKEN', {message: `The name ${name} is or was in use`})
}

/** Why access that a user created for organizations is suspended, for their admins. */
function reasonOf(kind: Departure['kind'], name: string): string {
  if (kind === 'disable') return `${name} was disabled`
  return kind === 'remove' ? `${name} was removed from the registry` : `All tokens of ${name} were revoked`
}

function userResponse(user: User): ManagedUser {
  const {name, email, createdAt, disabledAt, mfaEnabledAt, operatorSince} = user
  return {
    ...{name, email, createdAt: new Date(createdAt).toISOString(), disabledAt: timeOf(disabledAt)},
    ...{mfaEnabledAt: timeOf(mfaEnabledAt), operatorSince: timeOf(operatorSince)},
  }
}

function timeOf(time: number | null): string | null {
  return time === null ? null : new Date(time).toISOString()
}
