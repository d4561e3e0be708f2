import {shellPath} from '@apkg/command-kit'

/**
 * Adds `--data` to the `apkg registry` commands in a text, so that they act on the same data directory.
 *
 * @param data the directory that was given; undefined if it was the default one.
 */
export function onSameData(text: string, data: string | undefined): string {
  if (data === undefined) return text
  return text.replaceAll(/`(apkg registry [^`]*)`/g, (_, command: string) => `\`${command} --data ${shellPath(data)}\``)
}
