/** The package types that tools read. Packages of other types are installed but not set up. */
export const setUpTypes = ['skill', 'agent', 'command', 'rule'] as const

export type SetUpType = (typeof setUpTypes)[number]

export function isSetUpType(type: string): type is SetUpType {
  return (setUpTypes as readonly string[]).includes(type)
}

/** A file of a package. */
export interface PackageFile {
  /** Relative to the package's directory, with forward slashes; never absolute, never with `..`. */
  path: string
  content: Uint8Array
  isExecutable: boolean
}

export function textOf({content}: PackageFile): string {
  return Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString('utf8')
}
