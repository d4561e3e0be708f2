/** The settings of git that decide what it ignores and tracks. */
export interface GitConfig {
  /** `core.excludesFile`, as written. */
  excludesFile?: string
  /** `core.ignoreCase`. */
  ignoreCase?: boolean
  /** `core.fileMode`: whether the executable bits of the file system mean something. */
  fileMode?: boolean
  /** `extensions.objectFormat`. */
  objectFormat?: string
}

/** Reads a configuration file of git. `include` is not followed. */
export function parseGitConfig(text: string): GitConfig {
  const config: GitConfig = {}
  let section = ''
  for (const line of text.split(/\r?\n/)) {
    const [, name, rest = ''] = /^\s*\[\s*([\w.-]+)\s*(?:"[^"]*"\s*)?\](.*)$/.exec(line) ?? []
    if (name !== undefined) section = /^\s*\[[^"\]]*"/.test(line) ? '' : name.toLowerCase()
    const [, key, value] = /^\s*([A-Za-z][\w-]*)\s*(?:=\s*(.*))?$/.exec(name === undefined ? line : rest) ?? []
    if (key !== undefined) set(config, `${section}.${key.toLowerCase()}`, value)
  }
  return config
}

function set(config: GitConfig, name: string, written: string | undefined): void {
  const value = written === undefined ? 'true' : valueOf(written)
  if (name === 'core.excludesfile') config.excludesFile = value
  if (name === 'core.ignorecase') config.ignoreCase = isTrue(value)
  if (name === 'core.filemode') config.fileMode = isTrue(value)
  if (name === 'extensions.objectformat') config.objectFormat = value.toLowerCase()
}

/** Without quotes, escapes, and a comment at the end. */
function valueOf(written: string): string {
  const parts = written.match(/"(?:[^"\\]|\\.)*"|\\.|[^"\\#;]+|[#;].*$/g) ?? []
  const kept = parts.filter((part) => !/^[#;]/.test(part))
  const text = kept.map((part) => part.replaceAll(/^"|"$/g, '').replaceAll(/\\(.)/g, '$1'))
  return text.join('').trim()
}

function isTrue(value: string): boolean {
  return /^(true|yes|on|1)$/i.test(value)
}
