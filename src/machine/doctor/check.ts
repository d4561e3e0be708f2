import type {Connection, Ports, Transport} from '@apkg/command-kit'

import type {Finding} from './finding.js'
import type {RegistryProbe} from './probe-registry.js'

/** The name of a check, for scripts. */
export type CheckName =
  | 'node'
  | 'update'
  | 'path'
  | 'completion'
  | 'files'
  | 'cache'
  | 'proxy'
  | 'certificates'
  | 'registry'
  | 'clock'
  | 'credential'
  | 'plugins'

/** One thing that is looked at. */
export interface Check {
  name: CheckName
  /** For people. */
  title: string
  /**
   * What was found, at least one thing.
   *
   * @throws {ApkgError} which is then the problem that was found.
   */
  examine(patient: Patient): Promise<Finding[]>
}

/** What is looked at: this apkg, and all around it. */
export interface Patient extends Pick<Ports, 'env' | 'home' | 'now' | 'interrupted'> {
  program: {
    version: string
    /** The folder that apkg is installed in. */
    root: string
    /** Versions of Node.js that it is made for. */
    node: string
    userAgent: string
  }
  /** The folder that plugins are installed in, and which of them could be loaded, by name. */
  plugins: {folder: string; loaded: ReadonlyMap<string, {version: string; root: string}>}
  offline: boolean
  transport: Transport
  /** The canonical URL of the registry in use. */
  registry: () => Promise<string>
  /** The registry's answer to whoever asks, asked once. */
  probe: () => Promise<RegistryProbe>
  connect: () => Promise<Connection>
}

/** How long a question over the network may take, in milliseconds. */
export const patience = 5000
