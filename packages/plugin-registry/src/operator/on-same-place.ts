import {shellPath} from '@apkg/command-kit'

import type {PlaceFlags} from './place.js'

/** Adds the flags to the `apkg registry` commands in a text, so that they act on the same registry. */
export function onSamePlace(text: string, flags: PlaceFlags): string {
  const given = givenFlags(flags)
  if (given === '') return text
  return text.replaceAll(/`(apkg registry [^`]*)`/g, (_, command: string) => `\`${command}${given}\``)
}

/** Returns the flags as they were given, with a space before each. They contain no secrets. */
export function givenFlags({data, database, 'secret-key-file': keyFile}: PlaceFlags): string {
  const given = Object.entries({data, database, 'secret-key-file': keyFile})
  return given.map(([name, value]) => (value === undefined ? '' : ` --${name} ${shellPath(value)}`)).join('')
}
