import {createServer, type Server, type ServerResponse} from 'node:http'
import type {AddressInfo} from 'node:net'

import {type CryptoKey, exportJWK, generateKeyPair, SignJWT} from 'jose'

import type {CleanupScope} from './world.js'

export type IdTokenClaims = Record<string, unknown>

interface SigningKey {
  id: string
  privateKey: CryptoKey
  publicJwk: Record<string, unknown>
}

/** An issuer of ID tokens on loopback, with the endpoints of OpenID Connect Discovery. */
export interface Issuer {
  /** Its `iss`. */
  url: string
  /** The key that it signs with. */
  key: SigningKey
  /** Requests for its keys. */
  readonly fetches: number
  /** Answers requests instead of the issuer. Undefined: the issuer answers. */
  answer: ((path: string, response: ServerResponse) => void) | undefined
  /** Signs claims. `iss`, `iat`, `nbf`, `exp` and a new `jti` are added; undefined leaves a claim out. */
  sign(claims: IdTokenClaims): Promise<string>
  /** Replaces the key. */
  rotate(): Promise<void>
  stop(): Promise<void>
}

async function createKey(): Promise<SigningKey> {
  const {publicKey, privateKey} = await generateKeyPair('RS256', {extractable: true})
  const id = `key-${Math.random().toString(36).slice(2)}`
  return {id, privateKey, publicJwk: {...(await exportJWK(publicKey)), kid: id, alg: 'RS256', use: 'sig'}}
}

/** Creating an RSA key takes long, so the issuers of a process share their first one. */
let firstKey: Promise<SigningKey> | undefined

/** @param now the clock of the registry, in milliseconds since 1970. */
export async function startIssuer(t: CleanupScope, now: () => number = Date.now): Promise<Issuer> {
  let serial = 0
  let fetches = 0
  const server: Server = createServer((request, response) => {
    const path = request.url ?? ''
    if (issuer.answer) {
      issuer.answer(path, response)
      return
    }
    response.setHeader('content-type', 'application/json')
    if (path === '/.well-known/openid-configuration') {
      response.end(JSON.stringify({issuer: issuer.url, jwks_uri: `${issuer.url}/keys`}))
    } else if (path === '/keys') {
      fetches++
      response.end(JSON.stringify({keys: [issuer.key.publicJwk]}))
    } else response.writeHead(404).end()
  })
  const stop = () =>
    new Promise<void>((resolve) => {
      server.closeAllConnections()
      server.close(() => {
        resolve()
      })
    })
  t.after(stop)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer: Issuer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    key: await (firstKey ??= createKey()),
    get fetches() {
      return fetches
    },
    answer: undefined,
    sign(claims) {
      const seconds = Math.floor(now() / 1000)
      const times = {iat: seconds, nbf: seconds, exp: seconds + 300}
      const payload = {iss: issuer.url, ...times, jti: `jti-${++serial}`, ...claims}
      const {id: kid, privateKey} = issuer.key
      return new SignJWT(payload).setProtectedHeader({alg: 'RS256', kid, typ: 'JWT'}).sign(privateKey)
    },
    async rotate() {
      issuer.key = await createKey()
    },
    stop,
  }
  return issuer
}

/**
 * The claims of a job of GitHub Actions in acme/tool, as GitHub documents them.
 *
 * @param audience the URL of the registry.
 */
export function githubClaims(audience: string, changes: IdTokenClaims = {}): IdTokenClaims {
  return {
    sub: 'repo:acme/tool:ref:refs/heads/main',
    aud: audience,
    ref: 'refs/heads/main',
    sha: '6113728f27ae82c7b1a177c8d03f9e96e0adf246',
    repository: 'acme/tool',
    repository_owner: 'acme',
    repository_id: '1296269',
    repository_owner_id: '9919',
    repository_visibility: 'public',
    run_id: '42',
    run_number: '10',
    run_attempt: '2',
    runner_environment: 'github-hosted',
    actor: 'octocat',
    actor_id: '12',
    workflow: 'Publish',
    head_ref: '',
    base_ref: '',
    event_name: 'push',
    ref_protected: 'true',
    ref_type: 'branch',
    workflow_ref: 'acme/tool/.github/workflows/publish.yml@refs/heads/main',
    workflow_sha: '6113728f27ae82c7b1a177c8d03f9e96e0adf246',
    job_workflow_ref: 'acme/tool/.github/workflows/publish.yml@refs/heads/main',
    job_workflow_sha: '6113728f27ae82c7b1a177c8d03f9e96e0adf246',
    ...changes,
  }
}

/** The claims of a job of GitLab CI/CD in acme/tool, as GitLab documents them. @param audience the URL of the registry. */
export function gitlabClaims(audience: string, changes: IdTokenClaims = {}): IdTokenClaims {
  return {
    sub: 'project_path:acme/tool:ref_type:branch:ref:main',
    aud: audience,
    namespace_id: '72',
    namespace_path: 'acme',
    project_id: '20',
    project_path: 'acme/tool',
    user_id: '1',
    user_login: 'sample-user',
    user_email: 'sample-user@example.com',
    user_access_level: 'developer',
    pipeline_id: '574',
    pipeline_source: 'push',
    job_id: '302',
    ref: 'main',
    ref_type: 'branch',
    ref_path: 'refs/heads/main',
    ref_protected: 'true',
    groups_direct: ['acme'],
    environment_protected: 'false',
    deployment_tier: 'testing',
    runner_id: 1,
    runner_environment: 'self-hosted',
    sha: '714a629c0b401fdce83e847fc9589983fc6f46bc',
    project_visibility: 'public',
    ci_config_ref_uri: 'gitlab.example.com/acme/tool//.gitlab-ci.yml@refs/heads/main',
    ci_config_sha: '714a629c0b401fdce83e847fc9589983fc6f46bc',
    ...changes,
  }
}
