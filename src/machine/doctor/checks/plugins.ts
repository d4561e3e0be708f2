import {readFile} from 'node:fs/promises'
import path from 'node:path'

import {isAbsent, isApkgError, timeoutSignal} from '@apkg/command-kit'
import compare from 'semver/functions/compare.js'

import {releasedVersion} from '../../self-update/released-version.js'
import {patience, type Check, type Patient} from '../check.js'
import {ok, problem, warning, type Finding} from '../finding.js'

/** A plugin as oclif's list of installed ones has it. */
interface Listed {
  name: string
  type: 'user' | 'link'
}

export const pluginsCheck: Check = {
  name: 'plugins',
  title: 'Plugins',
  async examine(patient) {
    const list = path.join(patient.plugins.folder, 'package.json')
    const listed = await listedIn(list)
    if (listed === undefined) {
      return [problem(`${list} is damaged`, 'delete it, then install your plugins again')]
    }
    if (listed.length === 0) return [ok('none')]
    return Promise.all(listed.map((plugin) => findingOf(plugin, patient)))
  },
}

/** Undefined where the list is not as it should be. */
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

async function findingOf({name, type}: Listed, patient: Patient): Promise<Finding> {
  const loaded = patient.plugins.loaded.get(name)
  if (!loaded)
    return problem(`${name} cannot be loaded`, `run \`apkg plugins uninstall ${name}\`, then install it again`)
  const {version, root} = loaded
  if (type === 'link') return ok(`${name} ${version}, linked from ${root}`)
  const latest = await latestOf(name, patient)
  if (latest === null || compare(latest, version) <= 0) return ok(`${name} ${version}`)
  return warning(`${name}: update available: ${version} → ${latest}`, 'run `apkg plugins update`')
}

/** Null where npm does not say: a plugin need not come from there. */
async function latestOf(
  name: string,
  {env, transport, offline, program, interrupted}: Patient,
): Promise<string | null> {
  const signal = AbortSignal.any([interrupted, timeoutSignal(patience)])
  try {
    return await releasedVersion(name, {env, transport, offline, userAgent: program.userAgent, interrupted: signal})
  } catch (error) {
    if (!isApkgError(error)) throw error
    return null
  }
}
