import {randomUUID} from 'node:crypto'
import {mkdtemp, rm} from 'node:fs/promises'
import type {AddressInfo} from 'node:net'
import {tmpdir} from 'node:os'
import path from 'node:path'
import type {TestContext} from 'node:test'

import {createApp} from '@apkg/plugin-registry/dist/server/app.js'
import {defaultConfig, type ServerConfig} from '@apkg/plugin-registry/dist/server/config.js'
import {openToServe} from '@apkg/plugin-registry/dist/server/operations/open-registry.js'
import {operator, type RegistryStore, type Role} from '@apkg/plugin-registry/dist/server/store/store.js'
import pino from 'pino'

import {
  copyEmptyRegistry,
  hashCheaply,
  inspectorFor,
} from '../../packages/plugin-registry/test/support/cheap-registry.js'

export const password = 'correct horse battery staple'

/** The real registry on loopback, with a clock that tests can advance. */
export interface TestRegistry {
  url: string
  /** The data directory. */
  folder: string
  store: RegistryStore
  /** The requests, in order: `GET /auth/tokens`. */
  requests: string[]
  /** The `Authorization` headers of the requests, each once. */
  authorizations: Set<string>
  /** The JSON bodies of the requests, in order. */
  bodies: string[]
  clock: {now: Date; advance(milliseconds: number): void}
  /** Returns the user's ID. */
  addUser(name: string): Promise<string>
  /** @param members roles by user ID */
  addOrganization(name: string, members?: Record<string, Role>): Promise<void>
  /** Returns the labels of the active tokens of all users. */
  liveTokens(): Promise<string[]>
}

/** Starts a registry that stops after the test. */
export async function startRegistry(
  t: Pick<TestContext, 'after'>,
  config: Partial<ServerConfig> = {},
): Promise<TestRegistry> {
  const folder = await mkdtemp(path.join(tmpdir(), 'apkg-registry-'))
  const clock = {
    now: new Date(),
    advance(milliseconds: number) {
      this.now = new Date(this.now.getTime() + milliseconds)
    },
  }
  await copyEmptyRegistry(folder)
  const {store, blobs} = await openToServe(folder, (error) => {
    throw error
  })
  const requests: string[] = []
  const authorizations = new Set<string>()
  const bodies: string[] = []
  const app = await createApp({
    store,
    blobs,
    clock: () => clock.now,
    log: pino({level: 'silent'}),
    config: {...defaultConfig, version: '0.0.0-test', ...config},
    ...inspectorFor(config),
  })
  app.addHook('onRequest', (request, _reply, done) => {
    requests.push(`${request.method} ${request.url}`)
    if (request.headers.authorization !== undefined) authorizations.add(request.headers.authorization)
    done()
  })
  app.addHook('preHandler', (request, _reply, done) => {
    if (request.headers['content-type'] === 'application/json') bodies.push(JSON.stringify(request.body))
    done()
  })
  await app.listen({port: 0, host: '127.0.0.1'})
  t.after(async () => {
    app.server.closeAllConnections()
    await app.close()
    await store.close()
    await rm(folder, {recursive: true, force: true})
  })
  const {port} = app.server.address() as AddressInfo
  const passwordHash = await hashCheaply(password)
  return {
    url: `http://127.0.0.1:${port}`,
    folder,
    store,
    requests,
    authorizations,
    bodies,
    clock,
    async addUser(name) {
      const id = randomUUID()
      await store.users.add({id, name, email: `${name}@example.com`, passwordHash}, operator, clock.now.getTime())
      return id
    },
    async addOrganization(name, members = {}) {
      const id = randomUUID()
      const now = clock.now.getTime()
      await store.organizations.add({id, name}, operator, now)
      for (const [userId, role] of Object.entries(members)) {
        await store.organizations.setMember({organizationId: id, userId, role}, operator, now)
      }
    },
    async liveTokens() {
      const users = await store.users.list()
      const lists = await Promise.all(
        users.map(({id}) => store.tokens.list({kind: 'user', id}, {}, clock.now.getTime())),
      )
      return lists.flat().map(({label}) => label)
    },
  }
}
