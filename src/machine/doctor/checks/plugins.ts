import {readFile} from 'node:fs/promises'
import path from 'node:path'

import {isAbsent, isApkgError, timeoutSignal} from '@apkg/command-kit'
import compare from 'semver/functions/compare.js'

import {releasedVersion} from '../../self-update/released-version.js'
import {requestTimeout, type Check, type DoctorContext} from '../check.js'
import {ok, problem, warning, type Finding} from '../finding.js'

/** An entry of oclif's list of installed plugins. */
interface Listed {
  name: string
  type: 'user' | 'link'
}

export const pluginsCheck: Check = {
  name: 'plugins',
  title: 'Plugins',
  async run(context) {
    const list = path.join(context.plugins.folder, 'package.json')
    const listed = await listedIn(list)
    if (listed === undefined) {
      return [problem(`${list} is damaged`, 'delete it, then install your plugins again')]
    }
    if (listed.length === 0) return [ok('none')]
    return Promise.all(listed.map((plugin) => findingOf(plugin, context)))
  },
}

/** @returns undefined if the list is damaged. */
async function listedIn(list: string): Promise<Listed[] | undefined> {
  try {
    const {oclif} = JSON.parse(await readFile(list, 'utf8')) as {
      oclif?: {plugins?: (Listed | string)[]}
    }
    const plugins = oclif?.plugins ?? []
    return plugins.filter((each): each is Listed => typeof each === 'object' && typeof each.name === 'string')
  } catch (error) {
    return isAbsent(error) ? [] : undefined
  }
}

async function findingOf({name, type}: Listed, context: DoctorContext): Promise<Finding> {
  const loaded = context.plugins.loaded.get(name)
  if (!loaded)
    return problem(`${name} cannot be loaded`, `run \`apkg plugins uninstall ${name}\`, then install it again`)
  const {version, root} = loaded
  if (type === 'link') return ok(`${name} ${version}, linked from ${root}`)
  const latest = await latestOf(name, context)
  if (latest === null) return ok(`${name} ${version} is loaded. Updates are unknown`)
  if (compare(latest, version) <= 0) return ok(`${name} ${version}`)
  return warning(`${name}: update available: ${version} → ${latest}`, 'run `apkg plugins update`')
}

/** @returns null if npm doesn't know the plugin, which may come from elsewhere. */
async function latestOf(
  name: string,
  {env, transport, offline, program, interrupted}: DoctorContext,
): Promise<string | null> {
  const signal = AbortSignal.any([interrupted, timeoutSignal(requestTimeout)])
  try {
    return await releasedVersion(name, {env, transport, offline, userAgent: program.userAgent, interrupted: signal})
  } catch (error) {
    if (!isApkgError(error)) throw error
    return null
  }
}
