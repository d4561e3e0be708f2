import {existsSync} from 'node:fs'

import type {AuthPolicy, RegistryFlags} from '@apkg/command-kit'
import {Flags} from '@oclif/core'

import type {IgnoredPackages} from './ask-to-ignore-packages.js'
import type {AskedTools} from './ask-for-tools.js'
import {acceptedSignatureFlags, acceptedSignatures} from './flags/accepted-signatures.js'
import {toolSelection, toolSetupFlags} from './flags/tool-setup.js'
import {findProject} from '../project/find-project.js'
import {PackagesFolder} from '../project/installation/packages-folder.js'
import {installContext, type InstallContext} from '../project/installation/install-context.js'
import {RoutedCommand} from './routed-command.js'
import {gather} from './plugins/extension-points.js'
import {toolTargets} from './plugins/tool-targets.js'
import {toolOfPlugin} from '../tools/plugin-tool.js'
import {emptyHome, whyTrustIsUnread} from '../trust/unread-trust.js'
import {unreadTrustWarning} from '../views/trust/unread-trust.js'
import {setUpTools} from '../tools/set-up.js'
import type {SetupReport} from '../tools/setup-report.js'
import type {InstallationView} from '../views/project/installation-view.js'
import {setupSummary} from '../views/tools/setup-summary.js'
import {setupWarnings, setupLines, setupNotes} from '../views/tools/tool-setup.js'

/** The flags of every command that installs packages. */
export const installingFlags = {...acceptedSignatureFlags, ...toolSetupFlags}

/** The flag of commands that install packages for the first time. */
export const gitignoreFlag = {
  gitignore: Flags.boolean({
    summary: 'Add apkg_packages/ to .gitignore.',
    description: 'By default, apkg asks on a terminal when it creates apkg_packages in a git repository.',
    allowNo: true,
    exclusive: ['frozen-lockfile'],
  }),
}

type InstallingFlags = RegistryFlags & {verbose: boolean; gitignore?: boolean | undefined} & Parameters<
    typeof acceptedSignatures
  >[0] &
  Parameters<typeof toolSelection>[0]

/** An outcome, and which tools were set up. */
type WithSetup<Outcome> = Outcome & {
  setup: SetupReport
  /** Absolute path of the `.gitignore` that `apkg_packages/` was added to. Absent if none was changed. */
  gitignore?: string
}

interface InstallingOptions {
  upgrades?: boolean
  asks?: boolean
  canFollowLockfile?: boolean
}

/** The base class of commands that install packages and set up tools for them. */
export abstract class InstallingCommand<Outcome extends object> extends RoutedCommand<WithSetup<Outcome>> {
  static override readonly auth: AuthPolicy = 'optional'

  /**
   * Installs packages, sets up tools for them and prints the result. If only the setup fails, the packages stay
   * installed, so the command succeeds with a warning.
   *
   * @param install if it throws, no tool is set up.
   * @param upgrades whether to replace tool files that an earlier version of apkg wrote in another format or place.
   * @param asks whether to ask which tools to set up if none was chosen or detected, and whether to add the packages to
   *   `.gitignore` when their directory is created.
   * @param canFollowLockfile whether `install` only follows the lockfile if the context requires it. Then the command
   *   works with a token from a variable even if the user's policies can't be read.
   */
  protected async installAndSetUp<Report>(
    flags: InstallingFlags,
    install: (context: InstallContext) => Promise<Report>,
    {warnings, notes, lines, outcome}: InstallationView<Report, Outcome>,
    {upgrades = false, asks = false, canFollowLockfile = false}: InstallingOptions = {},
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
    const canAsk = asks && unread === undefined
    const isFirst = canAsk && !existsSync(new PackagesFolder(project).root)
    const registries = await this.registriesBeside(client, flags, home)
    registries.assertAccepted()
    const newManifest = async () =>
      (await import('../publish/init/new-project.js')).newProjectManifest(project, this.ports)
    const context = {...installContext({...this.ports, home}, registries), project, newManifest}
    const accepted = acceptedSignatures(flags)
    const report = await install({...context, accepted, mustFollowLockfile: unread !== undefined})
    this.warning(...warnings(report))
    this.note(notes(report, now().getTime() - start.getTime(), this.ports.stderr))
    const choice: AskedTools =
      canAsk && !this.jsonEnabled()
        ? await (await import('./ask-for-tools.js')).askForTools({project, home, selection, more}, this.ports)
        : {selection}
    if (choice.note !== undefined) this.note(choice.note)
    if (choice.warning !== undefined) this.warning(choice.warning)
    const setup = await setUpTools({project, home, selection: choice.selection, more, upgrades})
    this.warning(...setupWarnings(setup))
    for (const note of setupNotes(setup)) this.note(note)
    const ignored: IgnoredPackages =
      canAsk && (flags.gitignore ?? (isFirst && !this.jsonEnabled()))
        ? await (
            await import('./ask-to-ignore-packages.js')
          ).askToIgnorePackages(project, flags.gitignore === true, this.ports)
        : {}
    if (ignored.note !== undefined) this.note(ignored.note)
    if (ignored.warning !== undefined) this.warning(ignored.warning)
    const isBrief = this.ports.stdout.isTerminal && !flags.verbose
    if (isBrief) for (const line of setupSummary(setup)) this.note(line)
    const result = {...outcome(report), setup, ...(ignored.file !== undefined && {gitignore: ignored.file})}
    return this.show(result, isBrief ? '' : lines(report) + setupLines(setup))
  }
}
