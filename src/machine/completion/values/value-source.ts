import type {Ports, RegistryClient} from '@apkg/command-kit'

import type {Candidate} from './candidate.js'
import type {WantedValue} from './fitting-words.js'

/** Information that is available locally. */
export interface Machine extends Pick<Ports, 'env' | 'home' | 'cwd'> {
  /** The plugins that the user installed or linked. */
  plugins: readonly {name: string; version: string}[]
}

/** How to find values of one kind. Errors mean that there are none. */
export interface ValueSource {
  /** Local values. Reads only small files. */
  known?(wanted: WantedValue, machine: Machine): Promise<Candidate[]>
  /** Values from the registry. */
  asked?: {
    /** What the answer depends on, apart from the kind; undefined if the registry shouldn't be asked. */
    about(wanted: WantedValue): string | undefined
    ask(client: RegistryClient, about: string): Promise<Candidate[]>
  }
}
