import {execFile} from 'node:child_process'

import {withoutSecrets} from '@apkg/command-kit/secret-variables'

/** From the git configuration of a directory. A field is undefined if it isn't set, or if git isn't available. */
export interface GitFacts {
  name: string | undefined
  email: string | undefined
  /** The https URL of the remote `origin`. */
  repository: string | undefined
}

/** Milliseconds. */
const gitTimeout = 2000

/** @param env is passed on to git without its secrets. */
export async function gitFacts(folder: string, env: NodeJS.ProcessEnv): Promise<GitFacts> {
  const ask = (...args: string[]) =>
    new Promise<string | undefined>((resolve) => {
      const options = {cwd: folder, env: withoutSecrets(env), timeout: gitTimeout, windowsHide: true}
      execFile('git', args, options, (error, stdout) => {
        resolve(error ? undefined : stdout.trim() || undefined)
      })
    })
  const [name, email, remote] = await Promise.all([
    ask('config', 'user.name'),
    ask('config', 'user.email'),
    ask('remote', 'get-url', 'origin'),
  ])
  return {name, email, repository: remote === undefined ? undefined : httpsUrl(remote)}
}

/** The https URL of a remote, without user and password; undefined for a local one. */
export function httpsUrl(remote: string): string | undefined {
  const [, host, path] = /^(?:[^@/:]+@)?([^@/:]+):(?!\/\/)(.+)$/.exec(remote) ?? []
  const url = host !== undefined && path !== undefined ? `ssh://${host}/${path}` : remote
  if (!URL.canParse(url)) return undefined
  const {protocol, hostname, port, pathname} = new URL(url)
  if (!['https:', 'http:', 'ssh:', 'git:'].includes(protocol) || hostname.length < 2) return undefined
  const origin = protocol === 'https:' && port !== '' ? `${hostname}:${port}` : hostname
  return `https://${origin}${pathname.replace(/(?<!\/)\/+$/, '').replace(/\.git$/, '')}`
}
