import {printable} from '@apkg/command-kit'

import type {LinkResult} from '../../project/linking/link.js'
import type {UnlinkReport} from '../../project/linking/unlink-package.js'
import type {UnlinkResult} from '../../project/linking/unlink.js'
import {installationWarnings, trustNote} from './installation.js'
import type {InstallationView} from './installation-view.js'

export const unlinkView: InstallationView<UnlinkReport, UnlinkResult> = {
  warnings: ({installation}) => installationWarnings(installation),
  notes: (report) => [unlinkNote(report), ...trustNote(report.installation)].join('\n'),
  lines: () => '',
  outcome: ({name, status, installed}) => ({name, status, installed}),
}

export function linkNote({name, path, location}: LinkResult): string {
  if (location !== null) return `Linked ${name} → ${printable(path)}`
  return `Registered ${name} globally.\nTo use it in a project, run \`apkg link ${name}\` there.`
}

export function unlinkNote({name, status, installed}: UnlinkResult): string {
  if (status === 'unregistered') return `Removed the global registration of ${name}.`
  if (status === 'unknown') return `${name} was not registered globally.`
  return `Unlinked ${name}.${installed === null ? '' : ` Installed ${name}@${installed} instead.`}`
}
