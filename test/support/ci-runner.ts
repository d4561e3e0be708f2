import {once} from 'node:events'
import {createServer, type IncomingMessage} from 'node:http'
import type {AddressInfo} from 'node:net'
import type {TestContext} from 'node:test'

import {
  githubClaims,
  gitlabClaims,
  startIssuer,
  type IdTokenClaims,
} from '../../packages/plugin-registry/test/support/oidc-issuer.js'
import {sessionOf} from './publish-package.js'
import {password, startRegistry, type TestRegistry} from './registry.js'

/** A registry that trusts an issuer on loopback, with ada as the admin of acme, and the runner of a CI system. */
export interface CiWorld {
  registry: TestRegistry
  /** The URL of the issuer. */
  issuer: string
  /** Ada's session. */
  session: string
  /** Adds publish.yml of acme/tool on GitHub as a trusted publisher. Returns the status of the response. */
  addPublisher(changes?: object): Promise<number>
  /** The variables of a job of GitHub Actions with `id-token: write`. */
  githubJob(): Record<string, string>
  /** The variables of a job of GitLab, with one ID token. */
  gitlabJob(audience?: string): Promise<Record<string, string>>
  /** The claims of the next ID tokens that GitHub's runner issues. */
  claims: IdTokenClaims
  /** The audiences and credentials of the requests for ID tokens. */
  idTokenRequests: {audience: string | null; authorization: string | undefined}[]
  /** The ID tokens that were issued. */
  idTokens: string[]
}

/** Starts the servers; they stop after the test. */
export async function startCi(t: TestContext): Promise<CiWorld> {
  let now = () => Date.now()
  const issuer = await startIssuer(t, () => now())
  const registry = await startRegistry(t, {oidcIssuers: [issuer.url]})
  now = () => registry.clock.now.getTime()
  await registry.addOrganization('acme', {[await registry.addUser('ada')]: 'admin'})
  const session = await sessionOf(registry.url, 'ada', password)
  const world: CiWorld = {
    registry,
    issuer: issuer.url,
    session,
    async addPublisher(changes = {}) {
      const response = await fetch(`${registry.url}/auth/trusted-publishers`, {
        method: 'POST',
        headers: {'content-type': 'application/json', authorization: `Bearer ${session}`},
        body: JSON.stringify({
          ...{package: '@acme/*', provider: 'github', issuer: issuer.url},
          ...{claims: {repository: 'acme/tool'}, workflow: 'publish.yml'},
          ...changes,
        }),
      })
      return response.status
    },
    githubJob: () => ({
      GITHUB_ACTIONS: 'true',
      ACTIONS_ID_TOKEN_REQUEST_URL: `${runner}/token?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken,
    }),
    async gitlabJob(audience = registry.url) {
      const token = await issuer.sign(gitlabClaims(audience))
      world.idTokens.push(token)
      return {GITLAB_CI: 'true', APKG_ID_TOKEN: token}
    },
    claims: {},
    idTokenRequests: [],
    idTokens: [],
  }
  const runner = await startRunner(t, async (request) => {
    const audience = new URL(request.url ?? '', 'http://runner').searchParams.get('audience')
    world.idTokenRequests.push({audience, authorization: request.headers.authorization})
    if (request.headers.authorization !== `Bearer ${requestToken}`) return undefined
    const value = await issuer.sign({...githubClaims(audience ?? ''), ...world.claims})
    world.idTokens.push(value)
    return {count: 1, value}
  })
  return world
}

export const requestToken = 'request-token-of-the-job'

/** Starts the server from which the jobs of GitHub Actions request ID tokens. Returns its URL. */
async function startRunner(
  t: TestContext,
  answer: (request: IncomingMessage) => Promise<object | undefined>,
): Promise<string> {
  const server = createServer((request, response) => {
    void answer(request).then((content) => {
      response.writeHead(content ? 200 : 401, {'content-type': 'application/json'})
      response.end(JSON.stringify(content ?? {message: 'unauthorized'}))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
