export {knownTools, packageTypes, toolNamed, toolNames} from '@apkg/wire'

export const manifestFile = 'apkg.json'

export interface Author {
  name: string
  email?: string
}

/** An `apkg.json` with defaults for its optional fields. */
export interface Manifest {
  name: string
  version: string
  type: string
  /** Empty by default. */
  description: string
  /** `MIT` by default. */
  license: string
  visibility: 'public' | 'private'
  keywords: string[]
  authors: Author[]
  /** Patterns of the files to pack, relative to the package's root. All files if undefined. */
  files?: string[]
  readme?: string
  repository?: string
  homepage?: string
  /** The tool that the package was made for. */
  origin?: string
  /** The tools that the package is for; all if there are none. */
  targets?: string[]
  /** For a project: the tools to set up. */
  tools?: string[]
  /** For a project: the registries that it proposes, by scope. Not checked here, because in a package it has no effect. */
  registries?: unknown
  /** Version ranges by package name. */
  dependencies: Record<string, string>
}
