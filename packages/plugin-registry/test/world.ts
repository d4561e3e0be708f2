import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import type {TestContext} from 'node:test'

import type {FastifyInstance} from 'fastify'
import {pino} from 'pino'

import {createApp} from '../src/server/app.js'
import {defaultConfig, type ServerConfig} from '../src/server/config.js'
import {openToServe} from '../src/server/open-registry.js'
import {hashPassword} from '../src/server/passwords.js'
import {createRecoveryCodes, hashRecoveryCode} from '../src/server/recovery-codes.js'
import {operator, type RegistryStore} from '../src/server/store/store.js'
import {createTotpSecret} from '../src/server/totp.js'

export const second = 1000
export const minute = 60 * second
export const hour = 60 * minute
export const day = 24 * hour

export const password = 'correct horse battery'

// Hashed once for all tests: the work it takes is the point of it.
const passwordHash = hashPassword(password)

export interface Answer {
  status: number
  headers: Record<string, string | undefined>
  /** Undefined where the answer has no body. */
  body: any
}

export interface Request {
  body?: unknown
  /** A bearer credential. */
  token?: string | undefined
  headers?: Record<string, string>
  /** The address that the request comes from. */
  from?: string
}

/** A registry on a data folder of its own, with a clock that stands still until it is moved. */
export interface World {
  app: FastifyInstance
  store: RegistryStore
  folder: string
  log: string[]
  now(): number
  pass(milliseconds: number): void
  call(method: string, url: string, request?: Request): Promise<Answer>
  addUser(name: string): Promise<{id: string}>
  enrolMfa(id: string): Promise<{secret: string; recoveryCodes: string[]}>
  /** The answer of a login that needs no code. */
  logIn(name: string): Promise<{accessToken: string; refreshToken: string}>
  createToken(session: string, wish: object): Promise<{id: string; token: string; name: string}>
}

export function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'apkg-registry-'))
  t.after(() => {
    rmSync(folder, {recursive: true, force: true})
  })
  return folder
}

export async function createWorld(t: TestContext, changes: Partial<ServerConfig> = {}): Promise<World> {
  const folder = temporaryFolder(t)
  let time = Date.parse('2026-11-23T12:00:00Z')
  const log: string[] = []
  const store = await openToServe(folder, (error) => {
    throw error
  })
  const config = {...defaultConfig, version: '0.1.0', ...changes}
  const logger = pino({}, {write: (line: string) => void log.push(line)})
  const app = await createApp({store, clock: () => new Date(time), log: logger, config})
  t.after(async () => {
    await app.close()
    await store.close()
  })

  const world: World = {
    app,
    store,
    folder,
    log,
    now: () => time,
    pass(milliseconds) {
      time += milliseconds
    },
    async call(method, url, {body, token, headers, from} = {}) {
      const response = await app.inject({
        method: method as 'GET',
        url,
        ...(body !== undefined && {payload: body as string}),
        headers: {'user-agent': 'test', ...(token !== undefined && {authorization: `Bearer ${token}`}), ...headers},
        ...(from !== undefined && {remoteAddress: from}),
      })
      const text = response.body
      return {
        status: response.statusCode,
        headers: response.headers as Answer['headers'],
        body: text === '' ? undefined : JSON.parse(text),
      }
    },
    async addUser(name) {
      const id = `id-of-${name}`
      const user = {id, name, email: `${name}@example.com`, passwordHash: await passwordHash}
      await store.users.add(user, operator, time)
      return {id}
    },
    async enrolMfa(id) {
      const secret = createTotpSecret()
      const recoveryCodes = createRecoveryCodes()
      const enrolment = {totpSecret: secret, recoveryHashes: recoveryCodes.map(hashRecoveryCode)}
      await store.users.enrolMfa(id, enrolment, operator, time)
      return {secret, recoveryCodes}
    },
    async logIn(username) {
      return (await world.call('POST', '/auth/login', {body: {username, password}})).body
    },
    async createToken(session, wish) {
      return (await world.call('POST', '/auth/tokens', {body: wish, token: session})).body
    },
  }
  return world
}
