import {failure} from '@apkg/command-kit'

import {isLoopbackHost} from '../server/http/loopback.js'

/** `require`, `prefer` and `verify-ca` encrypt without verifying the server. */
const sslModes = ['disable', 'verify-full']

const parameters = ['host', 'port', 'sslmode', 'sslrootcert', 'sslcert', 'sslkey']

/**
 * Checks the URL of a database. Other users of the machine can read the arguments of a process, so a password is
 * refused. The message never repeats the text.
 *
 * @throws {ApkgError} `USAGE`
 */
export function parseDatabaseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || !/^postgres(?:ql)?:$/.test(url.protocol)) {
    throw refuse('is not the URL of a PostgreSQL database', 'use a URL such as postgres://apkg@db.example.com/apkg')
  }
  if (url.password !== '' || url.searchParams.has('password')) {
    throw refuse('must not contain a password', 'set PGPASSWORD, or PGPASSFILE to the path of a password file')
  }
  if (!/^\/[^/]+$/.test(url.pathname) || url.hash !== '') {
    throw refuse('must name a database', 'use a URL such as postgres://apkg@db.example.com/apkg')
  }
  for (const [name, value] of url.searchParams) {
    if (!parameters.includes(name)) throw refuse('has an unknown parameter', `use only ${parameters.join(', ')}`)
    if (name === 'sslmode' && !sslModes.includes(value)) {
      throw refuse('has an insecure sslmode', 'use sslmode=verify-full, and sslrootcert with the certificate of the CA')
    }
  }
  if (!url.searchParams.has('sslmode') && !isOnThisMachine(url)) {
    throw refuse('has no sslmode', 'add ?sslmode=verify-full, or ?sslmode=disable on a network that you trust')
  }
  return text
}

/** Whether the server is on loopback or a Unix socket. */
function isOnThisMachine({hostname, searchParams}: URL): boolean {
  const host = searchParams.get('host') ?? decodeURIComponent(hostname).replace(/^\[|\]$/g, '')
  return host === '' || host.startsWith('/') || isLoopbackHost(host)
}

function refuse(reason: string, suggestion: string) {
  return failure('USAGE', {message: `the database URL ${reason}`, suggestions: [suggestion]})
}
