import {existsSync} from 'node:fs'
import path from 'node:path'

import type {Ports} from '@apkg/command-kit'

/** A command to run next. */
export interface Step {
  /** The command without `apkg`. */
  command: string
  purpose: string
}

/** How far somebody has come. */
interface Situation {
  hasCredential: boolean
  hasManifest: boolean
  hasPackages: boolean
}

/** By urgency: the first that fit are shown. */
const steps: readonly (Step & {fits: (situation: Situation) => boolean})[] = [
  {
    command: 'install',
    purpose: 'Install what apkg.json depends on.',
    fits: ({hasManifest, hasPackages}) => hasManifest && !hasPackages,
  },
  {command: 'login', purpose: 'Log in to the registry.', fits: ({hasCredential}) => !hasCredential},
  {command: 'init', purpose: 'Start a project or a package in this folder.', fits: ({hasManifest}) => !hasManifest},
  {command: 'search <words>', purpose: 'Find packages.', fits: () => true},
  {command: 'add <package>', purpose: 'Add a package to this project.', fits: ({hasManifest}) => hasManifest},
  {command: 'token create', purpose: 'Create a token for CI.', fits: () => true},
]

const shown = 3

/** The three commands that lead on from where somebody is. Looks for files, and opens none. */
export function nextSteps({env, home, cwd}: Pick<Ports, 'env' | 'home' | 'cwd'>): Step[] {
  const isThere = (...parts: string[]) => existsSync(path.join(...parts))
  const situation = {
    hasCredential:
      env['APKG_TOKEN'] !== undefined ||
      ['credentials.json', 'sessions.json'].some((file) => isThere(home, '.apkg', file)),
    hasManifest: isThere(cwd, 'apkg.json'),
    hasPackages: isThere(cwd, 'apkg_packages'),
  }
  const fitting = steps.filter(({fits}) => fits(situation))
  return fitting.slice(0, shown).map(({command, purpose}) => ({command, purpose}))
}
