export {knownTools, packageTypes} from '@apkg/wire'

export const manifestFile = 'apkg.json'

export interface Author {
  name: string
  email?: string
}

/** `apkg.json`, with the documented defaults in place of what it leaves out. */
export interface Manifest {
  name: string
  version: string
  type: string
  /** Empty where there is none. */
  description: string
  /** `MIT` where none is named. */
  license: string
  visibility: 'public' | 'private'
  keywords: string[]
  authors: Author[]
  readme?: string
  repository?: string
  homepage?: string
  /** The tool that the package was made for. */
  origin?: string
  targets?: string[]
  /** Ranges by name. */
  dependencies: Record<string, string>
}
