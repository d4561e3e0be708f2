import type {Trait} from '@apkg/package-format/conversion'

/**
 * Incremented with each change of what previews contain: the converter, Markdown, the sanitizer. Previews of another
 * recipe are made again.
 */
export const recipe = 3

/** HTML that the sanitizer made. Nothing else creates a value of this type, except reading a preview. */
export type SafeHtml = string & {readonly safe: unique symbol}

/** Where the content of a file is among the contents of a preview. */
export interface ContentPlace {
  /** In bytes. */
  offset: number
  length: number
}

/** A list of which only the first items are kept, or none if they would take too much space. */
export interface Listed<Item> {
  items: Item[]
  /** How many there are in all. */
  count: number
}

/** A file of a version. */
export interface PreviewFile {
  path: string
  /** Bytes. */
  size: number
  /** The start of the SHA-256 of its content, in hex. */
  digest: string
  isExecutable: boolean
  /** `text`: UTF-8 without NUL. Otherwise the type of an image by its first bytes, or `other`. */
  kind: 'text' | 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp' | 'image/avif' | 'other'
  /** Absent if the content isn't kept: it is too large, or other files took the space. */
  place?: ContentPlace
}

/** A file that `apkg` would write for a tool. */
export interface PreviewToolFile {
  /** Relative to the project. */
  path: string
  isExecutable: boolean
  /** Bytes. */
  size: number
  /** Absent if the content isn't kept. */
  place?: ContentPlace
  /** What the tool does because of it without asking. */
  grants: string[]
  /** The fields that limit it. */
  limits: string[]
}

/** What a tool gets from a version, alone in an empty project. */
export interface PreviewTool {
  name: string
  title: string
  /** Why it gets nothing. Absent if it gets something. */
  reason?: string
  /** Those that allow something come first. */
  files: Listed<PreviewToolFile>
  /** What the tool does without asking, because of any of its files. Never cut. */
  grants: string[]
  /** Definitions that it must not get, with the reason. */
  refused: Listed<{definition: string; reason: string}>
  /** What differs from what the author wrote. */
  adjustments: Listed<{definition: string; reason: string}>
}

/** What pages show of a tarball. It depends on nothing but its bytes and the recipe. */
export interface Preview {
  /** The version of apkg whose converter was used. */
  apkg: string
  /**
   * The readme as HTML in which relative links begin with `fileMark` or `imageMark`. Null if there is none, or if it can't be
   * rendered or is too large.
   */
  readme: SafeHtml | null
  /** The file of the readme; without one, of the first definition. Undefined if there is neither. */
  readmePath?: string
  /** How many definitions the package has, if the first one is shown because there is no readme. */
  definitionCount?: number
  /** The start of the readme's text, if it isn't HTML. */
  readmeText?: {place?: ContentPlace; isCut: boolean}
  /** Sorted by path. `too-many` if they would take too much space. */
  files: PreviewFile[] | 'too-many'
  /** Empty if no tool can get anything. */
  tools: PreviewTool[]
  /** Why no tool gets anything. */
  unread?: string
  /** What the version can do or names, the same for every tool. */
  traits: Trait[]
}

/** Starts relative links to files and images in a readme, until a page replaces it. */
export const fileMark = 'apkg-file:'
export const imageMark = 'apkg-image:'
