import assert from 'node:assert/strict'

import {BrowserRequests} from '../../src/server/auth/browser-requests.js'
import {CredentialGuard} from '../../src/server/auth/credential-guard.js'
import {hashSecret} from '../../src/server/auth/credential-values.js'
import {Login} from '../../src/server/auth/login.js'
import {defaultConfig} from '../../src/server/config.js'
import type {SessionCredential} from '../../src/server/store/store.js'
import {password, type World} from './world.js'

const client = {address: '127.0.0.1', agent: 'a browser'}

function loginOf(world: World): Login {
  return new Login(world.store, () => new Date(world.now()), defaultConfig).inBrowser()
}

/** Logs in a user without MFA as a browser does. @returns the value of the cookie */
export async function browserSession(world: World, username: string): Promise<string> {
  const session = await loginOf(world).withPassword({username, password}, client)
  assert.ok('accessToken' in session)
  return session.accessToken
}

export async function credentialOf(world: World, cookie: string): Promise<SessionCredential> {
  const credential = await world.store.credentials.find('session', hashSecret(cookie))
  assert.ok(credential?.kind === 'session')
  return credential
}

/** Confirms the password. @returns the new value of the cookie */
export async function confirmIn(world: World, cookie: string): Promise<string> {
  const next = await loginOf(world).confirm(await credentialOf(world, cookie), {password}, client)
  assert.ok(next)
  return next
}

/** What the pages of a registry decide with. */
export function pagesOf(world: World) {
  const guard = new CredentialGuard(world.store, () => undefined)
  const requests = new BrowserRequests(
    world.store,
    guard,
    () => new Date(world.now()),
    () => '',
    defaultConfig,
  )
  return {
    async find(typed: string, cookie: string) {
      return requests.findByCode(typed, await credentialOf(world, cookie), client)
    },
    async findById(id: string, cookie: string) {
      return requests.findById(id, await credentialOf(world, cookie))
    },
    /** Decides the request with a code, or the ID of one with a loopback address. */
    async decide(selector: {code: string} | {id: string}, cookie: string, isApproved = true) {
      const credential = await credentialOf(world, cookie)
      const found =
        'code' in selector
          ? await requests.findByCode(selector.code, credential, client)
          : await requests.findById(selector.id, credential)
      return found ? requests.decide(found, isApproved, credential, client) : 'unknown'
    },
  }
}
