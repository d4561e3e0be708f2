import {failure} from '@apkg/command-kit'
import type {Hook} from '@oclif/core'

/** The most single-character edits between what was typed and what is suggested. */
const mostEdits = 3

/**
 * Refuses an unknown command with exit code 2 and names the nearest one. oclif's own plugin for this asks on a terminal,
 * exits 127 and knows no `--json`.
 */
const commandNotFound: Hook.CommandNotFound = async function ({id, config}) {
  const {distance} = await import('fastest-levenshtein')
  const command = id.replaceAll(':', ' ')
  const known = config.commandIDs
    .filter((each) => !config.findCommand(each)?.hidden)
    .map((each) => each.replaceAll(':', ' '))
  const ranked = known.map((name) => ({name, edits: distance(command, name)})).sort((a, b) => a.edits - b.edits)
  const nearest = ranked[0] && ranked[0].edits <= mostEdits ? ranked[0].name : undefined
  throw failure('COMMAND_UNKNOWN', {command, nearest})
}

export default commandNotFound
