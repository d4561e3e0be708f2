import type {Ports, RegistryClient} from '@apkg/command-kit'

import type {Candidate, WantedValue} from './candidates.js'

/** What is at hand without asking anybody. */
export interface Machine extends Pick<Ports, 'env' | 'home' | 'cwd'> {
  /** The plugins that the user installed or linked. */
  plugins: readonly {name: string; version: string}[]
}

/** How values of one kind are found. What it throws means that there are none. */
export interface ValueSource {
  /** Values that this machine knows. Small files are read, and nothing else is done. */
  known?(wanted: WantedValue, machine: Machine): Promise<Candidate[]>
  /** Values that the registry knows. */
  asked?: {
    /** What beside the kind its answer depends on; undefined where there is nothing to ask. */
    about(wanted: WantedValue): string | undefined
    ask(client: RegistryClient, about: string): Promise<Candidate[]>
  }
}
