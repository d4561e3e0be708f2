import type {Connection, Ports, Transport} from '@apkg/command-kit'

import type {PluginTool} from '../../tools/tool.js'
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
  | 'setup'

export interface Check {
  name: CheckName
  /** For people. */
  title: string
  /**
   * @returns at least one finding.
   * @throws {ApkgError} reported as a problem.
   */
  run(context: DoctorContext): Promise<Finding[]>
}

/** What checks need to know about this apkg and its environment. */
export interface DoctorContext extends Pick<Ports, 'env' | 'home' | 'now' | 'interrupted'> {
  program: {
    version: string
    /** The installation directory. */
    root: string
    /** The range of supported Node.js versions. */
    node: string
    userAgent: string
  }
  /** The directory of the user's plugins, and the plugins that were loaded, by name. */
  plugins: {folder: string; loaded: ReadonlyMap<string, {version: string; root: string}>}
  offline: boolean
  /** The directory of the project, or the current one. @throws {ApkgError} `CWD_UNUSABLE` */
  project: () => string
  /** The tools of plugins. */
  pluginTools: () => Promise<readonly PluginTool[]>
  transport: Transport
  /** The canonical URL of the registry in use. */
  registry: () => Promise<string>
  /** The registry's response to a request without a credential. Sent at most once. */
  probe: () => Promise<RegistryProbe>
  connect: () => Promise<Connection>
}

/** In milliseconds. */
export const requestTimeout = 5000
