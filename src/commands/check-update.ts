import {ApkgCommand, gotTransport, RegistryCommand} from '@apkg/command-kit'

import {checkUpdate, type UpdateCheck} from '../machine/self-update/check-update.js'
import {rememberRelease} from '../machine/self-update/known-release.js'
import {updateCheckText} from '../views/machine/update-check.js'

export default class CheckUpdate extends ApkgCommand<UpdateCheck> {
  static override readonly summary = 'Check whether a newer version of apkg is available.'

  static override readonly description = `Queries the npm registry, or the one in npm_config_registry, without sending a credential. Nothing is installed.`

  static override readonly examples = ['<%= config.bin %> <%= command.id %>']

  static override readonly baseFlags = {...ApkgCommand.baseFlags, offline: RegistryCommand.baseFlags.offline}

  async run(): Promise<UpdateCheck> {
    const {flags} = await this.parse(CheckUpdate)
    const {env, home, interrupted, now} = this.ports
    const {version, root, userAgent} = this.config
    const {offline} = flags
    const result = await checkUpdate({
      installed: version,
      root,
      env,
      transport: gotTransport(env),
      offline,
      userAgent,
      interrupted,
    })
    // If it can't be cached, the next run asks again.
    await rememberRelease({env, home}, {latest: result.latest, askedAt: now().getTime()}).catch(() => undefined)
    return this.show(result, updateCheckText(result))
  }
}
