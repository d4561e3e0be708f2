import {errorCode} from '../files/system-error.js'
import type {Proxy} from './proxy-settings.js'
import {reasonOfCode} from './transport-error.js'
import {TransportError} from './transport.js'

/** The status of a proxy that requires another username or password. */
const unauthorized = 407

/** hpagent's message about a response to CONNECT other than 200. */
const badResponse = /^Bad response: (\d{3})$/

/**
 * The error for a connection that a proxy did not establish.
 *
 * @param error of hpagent or the system, before there is a connection to the registry
 * @param target the host and port of the registry
 */
export function proxyFailure(error: Error, {url, variable}: Proxy, target: string): TransportError {
  // eslint-disable-next-line house/no-message-branching -- hpagent has the status only in its message
  const [, status] = badResponse.exec(error.message) ?? []
  const reason =
    status === undefined
      ? `cannot connect to the proxy ${url.host}: ${reasonOf(error, url)}`
      : refused(Number(status), url, target)
  const proxy = {variable, isUnauthorized: Number(status) === unauthorized}
  return Object.assign(new TransportError('unreachable', reason, false, proxy), {code: errorCode(error)})
}

/**
 * The error for a proxy that accepts the connection and doesn't answer CONNECT.
 *
 * @param timeout milliseconds
 */
export function silentProxy({url, variable}: Proxy, timeout: number): TransportError {
  const seconds = timeout / 1000
  const reason = `the proxy ${url.host} did not respond within ${seconds} ${seconds === 1 ? 'second' : 'seconds'}`
  return new TransportError('unreachable', reason, false, {variable, isUnauthorized: false})
}

function reasonOf(error: Error, url: URL): string {
  const code = errorCode(error)
  if (code?.startsWith('HPE_')) return 'it does not use HTTP'
  return code === 'EPROTO' && url.protocol === 'https:' ? 'it does not use TLS' : reasonOfCode(error)
}

function refused(status: number, {host, username}: URL, target: string): string {
  if (status === unauthorized) {
    const problem = username === '' ? 'requires a username and password' : 'rejected the username and password'
    return `the proxy ${host} ${problem} (${status})`
  }
  const problem =
    status >= 500
      ? `cannot connect to ${target}`
      : status === 403
        ? `refused to connect to ${target}`
        : `did not connect to ${target}`
  return `the proxy ${host} ${problem} (${status})`
}
