import type {Ports, RegistryClient} from '@apkg/command-kit'

import type {Candidate} from './candidate.js'

/** A value that was typed in part, and the words before it. */
export interface TypedValue {
  kind: string
  /** The part of the value that was typed. */
  typed: string
  /** The command that takes it. */
  command: {readonly id: string}
  /** The preceding arguments. */
  args: readonly string[]
  /** The preceding flags by name. */
  flags: Readonly<Record<string, string | true>>
}

/** Information that is available locally. */
export interface Machine extends Pick<Ports, 'env' | 'home' | 'cwd'> {
  /** The plugins that the user installed or linked. */
  plugins: readonly {name: string; version: string}[]
}

/** How to find values of one kind. Errors mean that there are none. */
export interface ValueSource {
  /** Local values. Reads only small files. */
  known?(wanted: TypedValue, machine: Machine): Promise<Candidate[]>
  /** Whether a value makes no sense there. */
  excludes?(wanted: TypedValue, machine: Machine): Promise<(value: string) => boolean>
  /** Values from the registry. */
  asked?: {
    /** What the answer depends on, apart from the kind; undefined if the registry shouldn't be asked. */
    about(wanted: TypedValue): string | undefined
    /** Whether that is a package, or the start of its name, so that the registry of its scope is asked. */
    isPackage?: boolean
    /** Whether the registry of the project's own package is asked, unless --registry was typed. */
    isOfProject?: boolean
    ask(client: RegistryClient, about: string, now: Date): Promise<Candidate[]>
  }
}
