/** Characters that no shell treats in a special way. */
const plain = /^[\w@%+=:,./-]+$/

/**
 * The command that the user ran, with more flags, quoted for a POSIX shell, or for PowerShell on Windows.
 *
 * @param id such as `token create`
 */
export function typedCommand(
  id: string,
  argv: readonly string[],
  added: readonly string[],
  platform = process.platform,
): string {
  const end = argv.indexOf('--')
  const words = end === -1 ? [...argv, ...added] : [...argv.slice(0, end), ...added, ...argv.slice(end)]
  return ['apkg', id, ...words.map((word) => (added.includes(word) ? word : quoted(word, platform)))].join(' ')
}

function quoted(word: string, platform: NodeJS.Platform): string {
  if (plain.test(word)) return word
  return `'${word.replaceAll("'", platform === 'win32' ? "''" : String.raw`'\''`)}'`
}
