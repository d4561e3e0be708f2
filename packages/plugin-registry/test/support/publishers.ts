import assert from 'node:assert/strict'

import {type Answer, type CleanupScope, createWorld, type World} from './world.js'
import {githubClaims, type IdTokenClaims, type Issuer, startIssuer} from './oidc-issuer.js'

/** The public URL of the registries in these tests, and the audience of their ID tokens. */
export const audience = 'https://registry.example.com'

/** A registry that accepts an issuer on loopback, and a session of ada, an admin of acme. */
export interface PublisherWorld {
  world: World
  issuer: Issuer
  session: string
  /** Adds the workflow publish.yml in acme/tool on "GitHub" as a trusted publisher of @acme/tool. */
  add: (changes?: object) => Promise<Answer>
  /** Exchanges an ID token of that workflow. */
  exchange: (changes?: IdTokenClaims, wanted?: string) => Promise<Answer>
  exchangeToken: (token: string, wanted?: string) => Promise<Answer>
}

export async function createPublisherWorld(t: CleanupScope, changes = {}): Promise<PublisherWorld> {
  let clock = () => Date.now()
  const issuer = await startIssuer(t, () => clock())
  const world = await createWorld(t, {publicUrl: new URL(audience), oidcIssuers: [issuer.url], ...changes})
  clock = () => world.now()
  await world.addUser('ada')
  await world.addOrganization('acme', {ada: 'admin'})
  const {accessToken: session} = await world.logIn('ada')
  const github = {
    ...{package: '@acme/tool', provider: 'github', issuer: issuer.url},
    ...{claims: {repository: 'acme/tool'}, workflow: 'publish.yml'},
  }
  const exchangeToken = (token: string, wanted?: string) =>
    world.call('POST', '/auth/oidc/exchange', {body: {token, ...(wanted !== undefined && {package: wanted})}})
  return {
    world,
    issuer,
    session,
    add: (changes = {}) =>
      world.call('POST', '/auth/trusted-publishers', {body: {...github, ...changes}, token: session}),
    exchange: async (changes, wanted) =>
      exchangeToken(await issuer.sign({...githubClaims(audience), ...changes}), wanted),
    exchangeToken,
  }
}

/** Adds a publisher of all of @acme and exchanges an ID token for it. @returns the value. */
export async function exchangeForScope({add, exchange}: PublisherWorld): Promise<string> {
  assert.equal((await add({package: '@acme/*'})).status, 201)
  const {status, body} = await exchange()
  assert.equal(status, 201)
  return body.token as string
}
