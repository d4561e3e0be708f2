import {
  exitCodes,
  gotTransport,
  readConfig,
  RegistryCommand,
  resolveRegistryTarget,
  timeoutSignal,
} from '@apkg/command-kit'

import {gather} from '../entry/plugins/extension-points.js'
import {toolTargets} from '../entry/plugins/tool-targets.js'
import {requestTimeout} from '../machine/doctor/check.js'
import {checks} from '../machine/doctor/checks/index.js'
import {runChecks, type Diagnosis} from '../machine/doctor/run-checks.js'
import {probeRegistry} from '../machine/doctor/probe-registry.js'
import {once} from '../machine/doctor/once.js'
import {findProject} from '../project/find-project.js'
import {toolOfPlugin} from '../tools/plugin-tool.js'
import {diagnosisNote, diagnosisText} from '../views/machine/diagnosis.js'

export default class Doctor extends RegistryCommand<Diagnosis> {
  static override readonly summary = 'Check for problems, and show how to fix them.'

  static override readonly description = `Checks Node.js, apkg, your PATH, shell completion, the files in ~/.apkg, the cache, proxy and certificate settings, the registry, the system clock, the credential in use, plugins, and whether tools load the packages of the project in the current directory. Changes nothing and prints no secrets.

Exits with code 1 if there are problems. Warnings and skipped checks don't affect the exit code.`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    {description: 'Check without using the network', command: '<%= config.bin %> <%= command.id %> --offline'},
  ]

  // The credential check does that.
  static override readonly warnsOfExpiry = false

  static override readonly auth = 'optional'

  async run(): Promise<Diagnosis> {
    const {flags} = await this.parse(Doctor)
    const {env, home, now, interrupted} = this.ports
    const {version, root, userAgent, pjson, dataDir, plugins} = this.config
    const transport = gotTransport(env)
    const registry = once(async () => resolveRegistryTarget(flags.registry, env, await readConfig(home)).registry)
    const signal = AbortSignal.any([interrupted, timeoutSignal(requestTimeout)])
    const result = await runChecks(checks, {
      ...{env, home, now, interrupted, transport, registry, offline: flags.offline},
      program: {version, root, userAgent, node: (pjson['engines'] as {node?: string} | undefined)?.node ?? '*'},
      plugins: {folder: dataDir, loaded: plugins},
      project: () => findProject(this.ports),
      pluginTools: async () => (await gather(this.config, toolTargets)).map(toolOfPlugin),
      probe: once(async () => probeRegistry(await registry(), {transport, userAgent, now, signal})),
      connect: once(() => this.connect({...flags, offline: false})),
    })
    if (result.summary.problem > 0) this.endWith(exitCodes.failed)
    await this.show(result, diagnosisText(result, this.ports.stdout))
    this.note(diagnosisNote(result))
    return result
  }
}
