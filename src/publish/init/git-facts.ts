import {execFile} from 'node:child_process'

import {withoutSecrets} from '../../files/secret-variables.js'

/** What git knows of a folder and its owner; each undefined where it does not know it, or is not there. */
export interface GitFacts {
  name: string | undefined
  email: string | undefined
  /** The https address of the remote `origin`. */
  repository: string | undefined
}

/** How long git may take, in milliseconds: what it says is only a proposal. */
const patience = 2000

/** @param env without whose secrets git is run. */
export async function gitFacts(folder: string, env: NodeJS.ProcessEnv): Promise<GitFacts> {
  const ask = (...args: string[]) =>
    new Promise<string | undefined>((resolve) => {
      const options = {cwd: folder, env: withoutSecrets(env), timeout: patience, windowsHide: true}
      execFile('git', args, options, (error, stdout) => {
        resolve(error ? undefined : stdout.trim() || undefined)
      })
    })
  const [name, email, remote] = await Promise.all([
    ask('config', 'user.name'),
    ask('config', 'user.email'),
    ask('remote', 'get-url', 'origin'),
  ])
  return {name, email, repository: remote === undefined ? undefined : webAddress(remote)}
}

/**
 * The https address of a remote, without the user and password that it may name; undefined for one that only this
 * machine knows.
 */
export function webAddress(remote: string): string | undefined {
  const [, host, path] = /^(?:[^@/:]+@)?([^@/:]+):(?!\/\/)(.+)$/.exec(remote) ?? []
  const url = host !== undefined && path !== undefined ? `ssh://${host}/${path}` : remote
  if (!URL.canParse(url)) return undefined
  const {protocol, hostname, port, pathname} = new URL(url)
  if (!['https:', 'http:', 'ssh:', 'git:'].includes(protocol) || hostname.length < 2) return undefined
  const origin = protocol === 'https:' && port !== '' ? `${hostname}:${port}` : hostname
  return `https://${origin}${pathname.replace(/\/+$/, '').replace(/\.git$/, '')}`
}
