import {existsSync} from 'node:fs'
import path from 'node:path'

import {hasCode, isTokenVariable, type Ports} from '@apkg/command-kit'

import {findProject} from '../../project/find-project.js'

/** A command to run next. */
export interface Step {
  /** The command without `apkg`. */
  command: string
  purpose: string
}

/** How far the user has come. */
interface Situation {
  hasCredential: boolean
  hasManifest: boolean
  hasPackages: boolean
}

/** By urgency. The first ones that apply are shown. */
const steps: readonly (Step & {fits: (situation: Situation) => boolean})[] = [
  {
    command: 'install',
    purpose: 'Install the dependencies in apkg.json.',
    fits: ({hasManifest, hasPackages}) => hasManifest && !hasPackages,
  },
  {command: 'login', purpose: 'Log in to the registry.', fits: ({hasCredential}) => !hasCredential},
  {command: 'init', purpose: 'Create a project or a package in this directory.', fits: ({hasManifest}) => !hasManifest},
  {command: 'search <words>', purpose: 'Find packages.', fits: () => true},
  {command: 'add <package>', purpose: 'Add a package to this project.', fits: ({hasManifest}) => hasManifest},
  {command: 'token create', purpose: 'Create a token for CI.', fits: () => true},
]

const maxSteps = 3

/** The commands that are useful next. Only checks which files exist. */
export function nextSteps(ports: Pick<Ports, 'env' | 'home' | 'cwd'>): Step[] {
  const {env, home} = ports
  const project = projectOf(ports)
  const exists = (...parts: string[]) => existsSync(path.join(...parts))
  const hasInProject = (name: string) => project !== undefined && exists(project, name)
  const situation = {
    hasCredential:
      Object.keys(env).some(isTokenVariable) ||
      ['credentials.json', 'sessions.json'].some((file) => exists(home, '.apkg', file)),
    hasManifest: hasInProject('apkg.json'),
    hasPackages: hasInProject('apkg_packages'),
  }
  const fitting = steps.filter(({fits}) => fits(situation))
  return fitting.slice(0, maxSteps).map(({command, purpose}) => ({command, purpose}))
}

/** Undefined if it can't be trusted. */
function projectOf(ports: Pick<Ports, 'home' | 'cwd'>): string | undefined {
  try {
    return findProject(ports)
  } catch (error) {
    if (hasCode(error, 'FILE_UNREADABLE')) return undefined
    throw error
  }
}
