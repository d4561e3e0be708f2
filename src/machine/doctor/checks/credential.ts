import {fromNow, hasCode, type Connection} from '@apkg/command-kit'

import {identify, type Identity} from '../../../account/session/identity.js'
import {requestTimeout, type Check} from '../check.js'
import {ok, skipped, warning, type Finding} from '../finding.js'

/** How long before its expiry a token causes a warning, in milliseconds. */
const warningPeriod = 14 * 86_400_000

export const credentialCheck: Check = {
  name: 'credential',
  title: 'Credential',
  async run({offline, env, now, connect}) {
    const connection = await connect()
    const {client} = connection
    const {registry} = client
    if (!offline) await client.demandCredential()
    const {credential} = client
    if (!credential) {
      return [
        warning(
          `not logged in to ${registry}; only public packages are accessible`,
          `run \`apkg login --registry ${registry}\``,
        ),
      ]
    }
    if (offline) return [skipped(`${credential.source}, not checked while offline`), ...(await shadowedBy(connection))]
    try {
      const identity = await identify(connection, {env, now}, {timeout: requestTimeout})
      return [
        validity(identity, {registry, now: now()}),
        ...expiring(identity, now()),
        ...(await shadowedBy(connection)),
      ]
    } catch (error) {
      if (!unavailable.some((code) => hasCode(error, code))) throw error
      return [warning(`${credential.source}, not checked: the registry is not responding`, 'see Registry above')]
    }
  },
}

const unavailable = ['UNREACHABLE', 'TIMED_OUT', 'RATE_LIMITED', 'SERVER_FAILED'] as const

function validity(
  {username, organization, credential: {source, label, kind, job, ...times}}: Identity,
  {registry, now}: {registry: string; now: Date},
): Finding {
  if (job) return ok(`${source}, trusted publisher ${username}`)
  const name = label === null ? '' : ` ("${label}")`
  const owner = organization === null ? `user ${username}` : `organization ${organization}`
  const subject = `${source}${name}, ${owner}`
  const expiresAt = times.sessionExpiresAt ?? times.expiresAt
  if (expiresAt === null) return ok(`${subject}, never expires`)
  const message = `${subject}, ${kind === 'session' ? 'session ' : ''}expires ${expiresAt.slice(0, 10)}`
  // Sessions are refreshed automatically.
  if (kind !== 'token' || Date.parse(expiresAt) - now.getTime() > warningPeriod) return ok(message)
  return warning(message, `run \`apkg token create --registry ${registry}\` and replace the token`)
}

function expiring({registry, expiringTokens}: Identity, now: Date): Finding[] {
  return expiringTokens.map(({id, label, expiresAt}) =>
    warning(
      `your API token "${label}" expires ${fromNow(expiresAt, now)}`,
      `run \`apkg token rotate --registry ${registry} ${id}\``,
    ),
  )
}

async function shadowedBy({shadowed}: Connection): Promise<Finding[]> {
  const others = await shadowed()
  return others.map(({source, problem: why}) =>
    skipped(`unused credential, not checked: ${source}${why === undefined ? '' : ` (${why})`}`),
  )
}
