import {RegistryCommand, type AuthPolicy, type RegistryFlags} from '@apkg/command-kit'

import type {AskedTools} from './ask-for-tools.js'
import {acceptedSignatureFlags, acceptedSignatures} from './flags/accepted-signatures.js'
import {toolSelection, toolSetupFlags} from './flags/tool-setup.js'
import {findProject} from '../project/find-project.js'
import {installContext, type InstallContext} from '../project/installation/install-context.js'
import {gather} from './plugins/extension-points.js'
import {toolTargets} from './plugins/tool-targets.js'
import {toolOfPlugin} from '../tools/plugin-tool.js'
import {emptyHome, whyTrustIsUnread} from '../trust/unread-trust.js'
import {unreadTrustWarning} from '../views/trust/unread-trust.js'
import {setUpTools} from '../tools/set-up.js'
import type {SetupReport} from '../tools/setup-report.js'
import type {InstallationView} from '../views/project/installation-view.js'
import {setupWarnings, setupLines, setupNotes} from '../views/tools/tool-setup.js'

/** The flags of every command that installs packages. */
export const installingFlags = {...acceptedSignatureFlags, ...toolSetupFlags}

type InstallingFlags = RegistryFlags & Parameters<typeof acceptedSignatures>[0] & Parameters<typeof toolSelection>[0]

/** An outcome, and which tools were set up. */
type WithSetup<Outcome> = Outcome & {setup: SetupReport}

interface InstallingOptions {
  upgrades?: boolean
  asksForTools?: boolean
  canFollowLockfile?: boolean
}

/** The base class of commands that install packages and set up tools for them. */
export abstract class InstallingCommand<Outcome extends object> extends RegistryCommand<WithSetup<Outcome>> {
  static override readonly auth: AuthPolicy = 'optional'

  /**
   * Installs packages, sets up tools for them and prints the result. If only the setup fails, the packages are installed
   * nevertheless, so the command succeeds with a warning.
   *
   * @param install if it throws, no tool is set up.
   * @param upgrades whether to replace tool files that an earlier version of apkg wrote in another format or place.
   * @param asksForTools whether to ask which tools to set up if none was chosen or detected.
   * @param canFollowLockfile whether `install` does nothing but follow the lockfile if the context requires it. Then it
   *   works with `APKG_TOKEN` although the user's policies can't be read.
   */
  protected async installAndSetUp<Report>(
    flags: InstallingFlags,
    install: (context: InstallContext) => Promise<Report>,
    {warnings, notes, lines, outcome}: InstallationView<Report, Outcome>,
    {upgrades = false, asksForTools = false, canFollowLockfile = false}: InstallingOptions = {},
  ): Promise<WithSetup<Outcome>> {
    const {now} = this.ports
    const project = findProject(this.ports)
    const start = now()
    const more = (await gather(this.config, toolTargets)).map(toolOfPlugin)
    const selection = toolSelection(flags, more)
    const {client} = await this.connect(flags)
    const unread = canFollowLockfile ? await whyTrustIsUnread(this.ports.home, client) : undefined
    if (unread !== undefined) this.warning(unreadTrustWarning(unread))
    const home = unread === undefined ? this.ports.home : emptyHome
    const context = {...installContext({...this.ports, home}, client), project}
    const accepted = acceptedSignatures(flags)
    const report = await install({...context, accepted, mustFollowLockfile: unread !== undefined})
    this.warning(...warnings(report))
    this.note(notes(report, now().getTime() - start.getTime()))
    const choice: AskedTools =
      asksForTools && unread === undefined && !this.jsonEnabled()
        ? await (await import('./ask-for-tools.js')).askForTools({project, home, selection, more}, this.ports)
        : {selection}
    if (choice.note !== undefined) this.note(choice.note)
    if (choice.warning !== undefined) this.warning(choice.warning)
    const setup = await setUpTools({project, home, selection: choice.selection, more, upgrades})
    this.warning(...setupWarnings(setup))
    for (const note of setupNotes(setup)) this.note(note)
    const result = {...outcome(report), setup}
    return this.show(result, lines(report) + setupLines(setup))
  }
}
