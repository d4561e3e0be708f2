import {execFile} from 'node:child_process'
import {readFileSync} from 'node:fs'
import {createRequire} from 'node:module'
import path from 'node:path'

import {failure as sharedFailure, type ApkgError} from '@apkg/command-kit'

import {withoutSecrets} from '@apkg/command-kit/secret-variables'
import {failure} from './failures.js'

/** In milliseconds. npm has its own timeouts and retries. */
const npmTimeout = 120_000

/** What the codes of npm's errors mean. */
const networkReasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  ENOTFOUND: 'host not found',
  EAI_AGAIN: 'host lookup failed',
  EHOSTUNREACH: 'host unreachable',
  ENETUNREACH: 'network unreachable',
  ETIMEDOUT: 'the request timed out',
  ERR_SOCKET_TIMEOUT: 'the request timed out',
  FETCH_ERROR: 'connection failed',
  EPROTO: 'the server does not use TLS',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'self-signed certificate',
  SELF_SIGNED_CERT_IN_CHAIN: 'self-signed certificate in the chain',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'certificate signed by an unknown authority',
  CERT_HAS_EXPIRED: 'certificate has expired',
}

/** How a command of the plugins was run. */
export interface PluginInstallation {
  env: NodeJS.ProcessEnv
  /** oclif's data directory, where npm runs. */
  dataDir: string
  /** The directory of `@oclif/plugin-plugins`. */
  pluginsRoot: string
}

/**
 * Finds out why npm can't install or update a plugin, by asking it once more. oclif reports every failure as a missing
 * package.
 *
 * @param plugin a name, with or without a version
 * @param action completes "cannot … the plugin"
 * @returns undefined if npm finds the plugin, or if it isn't from npm's registry
 */
export async function npmFailure(
  plugin: string,
  action: 'install' | 'update',
  {env, dataDir, pluginsRoot}: PluginInstallation,
): Promise<ApkgError | undefined> {
  if (plugin.includes(':') || (plugin.includes('/') && !plugin.startsWith('@'))) return undefined
  const registry = env['APKG_NPM_REGISTRY']
  const args = ['view', plugin, 'name', '--json', '--loglevel=silent', ...(registry ? [`--registry=${registry}`] : [])]
  const output = await runNpm(args, {env, dataDir, pluginsRoot})
  return output === undefined ? undefined : errorFor(plugin, action, output)
}

/** @returns the output of npm if it failed */
function runNpm(args: string[], {env, dataDir, pluginsRoot}: PluginInstallation): Promise<string | undefined> {
  const [program, ...first] = npmProgram(pluginsRoot)
  const options = {env: withoutSecrets(env), cwd: dataDir, timeout: npmTimeout, windowsHide: true}
  return new Promise((resolve) => {
    execFile(program, [...first, ...args], options, (error, stdout) => {
      resolve(error ? stdout : undefined)
    })
  })
}

/** The copy of npm that oclif uses: the one that its plugin depends on, or else the one on the path. */
function npmProgram(pluginsRoot: string): [string, ...string[]] {
  try {
    const file = createRequire(path.join(pluginsRoot, 'package.json')).resolve('npm/package.json')
    const {bin} = JSON.parse(readFileSync(file, 'utf8')) as {bin: {npm: string}}
    return [process.execPath, path.join(path.dirname(file), bin.npm)]
  } catch {
    return ['npm']
  }
}

function errorFor(plugin: string, action: string, output: string): ApkgError | undefined {
  const {code, summary = ''} = npmError(output) ?? {}
  if (code === undefined) return undefined
  const registry = /https?:\/\/[^/\s?#]+/.exec(summary)?.[0]?.replace(/\/\/[^/]*@/, '//') ?? 'the npm registry'
  const request = {purpose: `${action} the plugin ${plugin}`, registry}
  const reason = networkReasons[code]
  if (reason !== undefined) return sharedFailure('UNREACHABLE', {...request, reason})
  const status = Number(/^E([45]\d\d)$/.exec(code)?.[1])
  const refused = {...request, reason: `the registry responded with status ${status}`}
  if (status === 404) return failure('PLUGIN_NOT_FOUND', {plugin})
  if (status === 401) return sharedFailure('REJECTED', {...refused, suggestions: ['run `npm login`']})
  if (status === 402 || status === 403) {
    return sharedFailure('REFUSED', {...refused, suggestions: ['run `npm whoami` to see which account npm uses']})
  }
  if (status === 429) return sharedFailure('RATE_LIMITED', refused)
  if (status >= 500) return sharedFailure('SERVER_FAILED', refused)
  return undefined
}

function npmError(output: string): {code?: string; summary?: string} | undefined {
  try {
    return (JSON.parse(output) as {error?: {code?: string; summary?: string}}).error
  } catch {
    return undefined
  }
}
