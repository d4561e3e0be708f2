import {existsSync} from 'node:fs'
import path from 'node:path'

import {processPorts, type ApkgError} from '@apkg/command-kit'
import type {Interfaces} from '@oclif/core'

import {failure} from './failures.js'
import {npmFailure} from './npm-failure.js'
import {errorLine} from './plugin-warning.js'

/** Where a command of the plugins ran. */
export interface PluginsRun {
  /** oclif's data directory. */
  dataDir: string
  /** apkg's own plugins, and those of the user that could be loaded. */
  plugins: Interfaces.Config['plugins']
}

type Explain = (words: readonly string[], error: unknown, run: PluginsRun) => Promise<ApkgError | undefined>

const install: Explain = async (words, error, run) =>
  (await firstFailure(words, 'install', run)) ?? notInstalled(words.join(' '), 'install', error)

const update: Explain = async (_words, error, run) => {
  const installed = [...run.plugins.values()].filter((plugin) => plugin.type === 'user' && !plugin.parent)
  return (
    (await firstFailure(
      installed.map(({name, tag = 'latest'}) => `${name}@${tag}`),
      'update',
      run,
    )) ?? notInstalled(installed.map(({name}) => name).join(' '), 'update', error)
  )
}

const uninstall: Explain = async (words, _error, {plugins}) => {
  const missing = words.find((word) => [undefined, 'core'].includes(plugins.get(withoutTag(word))?.type))
  return missing === undefined ? undefined : failure('PLUGIN_NOT_INSTALLED', {plugin: missing})
}

const inspect: Explain = async (words, _error, {plugins}) => {
  const missing = words.find((word) => !plugins.has(withoutTag(word)))
  return missing === undefined ? undefined : failure('PLUGIN_NOT_INSTALLED', {plugin: missing})
}

const link: Explain = async ([folder = '.'], error) => {
  const root = path.resolve(processPorts.cwd, folder)
  const reason = existsSync(path.join(root, 'package.json')) ? errorLine(error) : 'it has no package.json'
  return failure('PLUGIN_INVALID', {folder: root, reason})
}

const explanations = new Map<string, Explain>([
  ['install', install],
  ['add', install],
  ['update', update],
  ['uninstall', uninstall],
  ['unlink', uninstall],
  ['remove', uninstall],
  ['inspect', inspect],
  ['link', link],
])

/**
 * Finds out what failed in `apkg plugins …`. oclif reports most failures as usage errors, and those of the npm registry as
 * a missing package.
 *
 * @returns undefined for other commands, and if oclif's own error says it best
 */
export async function explainFailure(
  argv: readonly string[],
  error: unknown,
  run: PluginsRun,
): Promise<ApkgError | undefined> {
  const [topic, command = '', ...rest] = argv
  // Errors of oclif's parser have its input and output.
  if (topic !== 'plugins' || (error instanceof Error && 'parse' in error)) return undefined
  const words = rest.filter((word) => !word.startsWith('-'))
  return explanations.get(command)?.(words, error, run)
}

async function firstFailure(
  names: readonly string[],
  action: 'install' | 'update',
  {plugins, dataDir}: PluginsRun,
): Promise<ApkgError | undefined> {
  const pluginsRoot = plugins.get('@oclif/plugin-plugins')?.root
  if (pluginsRoot === undefined) return undefined
  for (const name of names) {
    const failed = await npmFailure(name, action, {env: processPorts.env, dataDir, pluginsRoot})
    if (failed) return failed
  }
  return undefined
}

/** oclif suggests a step for a failed installation, but not for an invalid name. */
function notInstalled(plugin: string, action: 'install' | 'update', error: unknown): ApkgError | undefined {
  const isInstallation = error instanceof Error && 'suggestions' in error && error.suggestions !== undefined
  return isInstallation ? failure('PLUGIN_NOT_CHANGED', {plugin, action, reason: errorLine(error)}) : undefined
}

/** `@x/y@1.0.0` → `@x/y` */
function withoutTag(plugin: string): string {
  const at = plugin.indexOf('@', 1)
  return at === -1 ? plugin : plugin.slice(0, at)
}
