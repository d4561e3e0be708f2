/** A Markdown file: its YAML frontmatter, where it has one, and the text behind it. */
export interface Markdown {
  /** Undefined where there is no frontmatter, or none that is a mapping. */
  frontmatter: Readonly<Record<string, unknown>> | undefined
  body: string
}

/** The types of packages that tools read. */
export type SetUpType = 'skill' | 'agent' | 'command' | 'rule'

/** A file of an installed package. */
export interface PackageFile {
  /** Relative to the package's folder, with forward slashes; checked, never absolute, never with `..`. */
  path: string
  content: Uint8Array
  isExecutable: boolean
}

/** An installed package, as tools get it. Nothing that the package says of itself chooses a path or names a file to read. */
export interface SetUpPackage {
  /** As it was resolved; never what the package says. */
  name: string
  version: string
  type: SetUpType
  /** Of the manifest; any text, and empty where there is none. */
  description: string
  /** One path segment for the package, the same on every machine and no other package's: see `flat-name.ts`. */
  flatName: string
  /** All of them, by path. */
  files: readonly PackageFile[]
  /** The Markdown files at the top of the package that define something; readme, changelog and license are none. */
  definitions: readonly Definition[]
}

export interface Definition {
  /** The file's name without `.md`: one path segment, safe on every system. */
  stem: string
  file: PackageFile
  markdown: Markdown
}

/** A file that a tool is to find. */
export interface PlacedFile {
  /** Relative to the project's folder, with forward slashes, made of a tool's own words, `flatName`, stems and checked paths. */
  path: string
  content: string | Uint8Array
  isExecutable?: boolean
}

/** What a tool makes of a package: files; or a sentence why it has no use for it. */
export type Placement = {files: PlacedFile[]} | {unsupported: string}

/**
 * A tool that packages are set up for. A plugin offers its own by answering the hook event `apkg:tools` with a list of
 * these.
 */
export interface ToolTarget {
  /** Lower-case letters, digits and hyphens; no name that apkg has already. */
  readonly name: string
  /** As people write it. */
  readonly title: string
  /** The folder in a project, `.name`, that shows that the tool is used there. Files may go there and nowhere else. */
  readonly folder: string
  /** What the tool gets of a package, by the package's type; a type that is left out is none that the tool knows. */
  readonly place: Readonly<Partial<Record<SetUpType, (setUp: SetUpPackage) => Placement>>>
}
