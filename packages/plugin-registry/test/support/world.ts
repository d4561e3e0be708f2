import assert from 'node:assert/strict'
import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import path from 'node:path'
import type {TestContext} from 'node:test'

import type {FastifyInstance} from 'fastify'
import {type Logger, pino} from 'pino'

import {type AppOptions, createApp} from '../../src/server/app.js'
import type {BlobStore} from '../../src/server/blobs/blob-store.js'
import {defaultConfig, type ServerConfig} from '../../src/server/config.js'
import type {OpenRegistry} from '../../src/server/operations/open-registry.js'
import {createRecoveryCodes, hashRecoveryCode} from '../../src/server/auth/recovery-codes.js'
import {hashSecret} from '../../src/server/auth/credential-values.js'
import {operator, type RegistryStore, type Role} from '../../src/server/store/store.js'
import {all, statement, type Value} from '../../src/server/store/port.js'
import {createStore} from '../../src/server/store/rules/index.js'
import {createTotpSecret} from '../../src/server/auth/totp.js'
import {storeBytes} from './blobs.js'
import {copyEmptyRegistry, hashCheaply, inspectorFor} from './cheap-registry.js'
import {assertDocumented} from './documented.js'
import {versionDraft} from './package-drafts.js'
import {worldDatabase} from './world-database.js'

export const second = 1000
export const minute = 60 * second
export const hour = 60 * minute
export const day = 24 * hour

export const password = 'correct horse battery'

const passwordHash = hashCheaply(password)

export interface Answer {
  status: number
  headers: Record<string, string | undefined>
  /** Parsed if it is JSON; undefined without a body. */
  body: any
}

export interface Request {
  body?: unknown
  /** A bearer credential. */
  token?: string | undefined
  headers?: Record<string, string>
  /** The address of the client. */
  from?: string
}

/** A registry with its own data directory, and a clock that moves only with `pass`. */
export interface World {
  app: FastifyInstance
  store: RegistryStore
  blobs: BlobStore
  folder: string
  log: string[]
  now(): number
  pass(milliseconds: number): void
  /** Opens the store as another process would. It must be closed before the test ends. */
  openStore(): Promise<RegistryStore>
  /** Runs a statement with the placeholders `?1`, `?2` and so on. @returns the rows */
  query(text: string, ...parameters: Value[]): Promise<Record<string, any>[]>
  /** Fails if the response does not match the OpenAPI document. */
  call(method: string, url: string, request?: Request): Promise<Answer>
  addUser(name: string): Promise<{id: string}>
  /** @param members roles by username. */
  addOrganization(name: string, members: Record<string, Role>): Promise<{id: string}>
  /** Publishes a version as the user of a session. Its content is used as the tarball. */
  publish(session: string, version: Parameters<typeof versionDraft>[0]): Promise<void>
  enrollMfa(id: string): Promise<{secret: string; recoveryCodes: string[]}>
  /** Logs in a user without MFA. */
  logIn(name: string): Promise<{accessToken: string; refreshToken: string}>
  createToken(session: string, request: object): Promise<{id: string; token: string; name: string}>
}

/** A test, or anything else that runs cleanup functions when it ends. */
export type CleanupScope = Pick<TestContext, 'after'>

export function temporaryFolder(t: CleanupScope): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'apkg-registry-'))
  t.after(() => {
    rmSync(folder, {recursive: true, force: true})
  })
  return folder
}

export async function createWorld(
  t: CleanupScope,
  changes: Partial<ServerConfig> = {},
  existing?: string,
  open: (folder: string) => Promise<Pick<OpenRegistry, 'store' | 'blobs'>> = (folder) =>
    worldDatabase().openToServe(folder),
  more: (parts: Pick<World, 'folder' | 'store' | 'blobs'> & {log: Logger}) => Partial<AppOptions> = () => ({}),
): Promise<World> {
  const folder = existing ?? temporaryFolder(t)
  if (existing === undefined) await copyEmptyRegistry(folder)
  let time = Date.parse('2026-11-23T12:00:00Z')
  const log: string[] = []
  const {store, blobs} = await open(folder)
  // Injected requests do not have a connection to close.
  const config = {...defaultConfig, version: '0.1.0', bodyTimeout: hour, ...changes}
  const logger = pino({}, {write: (line: string) => void log.push(line)})
  const app = await createApp({
    ...{store, blobs, config, ...inspectorFor(changes)},
    clock: () => new Date(time),
    log: logger,
    ...more({folder, store, blobs, log: logger}),
  })
  t.after(async () => {
    await app.close()
    await store.close()
    // Another registry will be opened on the same directory.
    if (existing === undefined) await worldDatabase().forget(folder)
  })

  const world: World = {
    app,
    store,
    blobs,
    folder,
    log,
    now: () => time,
    pass(milliseconds) {
      time += milliseconds
    },
    async openStore() {
      const {port, key} = await worldDatabase().openPort(folder)
      return createStore(port, {key})
    },
    async query(text, ...parameters) {
      const {port} = await worldDatabase().openPort(folder)
      try {
        return await port.write(() => all(statement<Record<string, any>>(text)(...parameters))[Symbol.iterator]())
      } finally {
        await port.close()
      }
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
      const isJson = /[/+]json/.test(String(response.headers['content-type']))
      const answer = {
        status: response.statusCode,
        headers: response.headers as Answer['headers'],
        body: text === '' ? undefined : isJson ? JSON.parse(text) : text,
      }
      assertDocumented(method, url, answer)
      return answer
    },
    async addUser(name) {
      const id = `id-of-${name}`
      const user = {id, name, email: `${name}@example.com`, passwordHash: await passwordHash}
      await store.users.add(user, operator, time)
      return {id}
    },
    async addOrganization(name, members) {
      const id = `id-of-${name}`
      await store.organizations.add({id, name}, operator, time)
      for (const [user, role] of Object.entries(members)) {
        await store.organizations.setMember({organizationId: id, userId: `id-of-${user}`, role}, operator, time)
      }
      return {id}
    },
    async publish(session, version) {
      const {sha256, size, key} = await storeBytes(blobs, version.content ?? 'content')
      const credential = await store.credentials.find('session', hashSecret(session))
      const draft = versionDraft({...version, sha256, size, blob: {key, isNew: true}})
      const {outcome} = await store.packages.publish(draft, credential!, operator, time)
      assert.equal(outcome, 'published')
    },
    async enrollMfa(id) {
      const secret = createTotpSecret()
      const recoveryCodes = createRecoveryCodes()
      const enrollment = {totpSecret: secret, recoveryHashes: recoveryCodes.map(hashRecoveryCode)}
      await store.users.enrollMfa(id, enrollment, operator, time)
      return {secret, recoveryCodes}
    },
    async logIn(username) {
      return (await world.call('POST', '/auth/login', {body: {username, password}})).body
    },
    async createToken(session, request) {
      return (await world.call('POST', '/auth/tokens', {body: request, token: session})).body
    },
  }
  return world
}
