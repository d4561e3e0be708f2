import {printable} from '@apkg/command-kit'
import {Args, Flags} from '@oclif/core'

import {newestOf, parseYank, yank, type VersionYank} from '../catalog/yank/yank.js'
import {RoutedCommand} from '../entry/routed-command.js'
import {replacementNote, yankNote} from '../views/catalog/yank.js'

/** The version that was yanked, or no longer is. */
export interface YankResult extends VersionYank {
  /** URL of the registry. */
  registry: string
  /** The version that `apkg add` installs now; null if all are yanked. Absent with `--undo`, or if the registry doesn't say. */
  newest?: string | null
}

export default class Yank extends RoutedCommand<YankResult> {
  static override readonly summary = 'Yank a version, so that no project starts to use it.'

  static override readonly description = `\`add\`, \`install\` and \`update\` never choose a yanked version. Projects that have it in their lockfile can still install it, with a warning. To only warn about a version, use \`apkg deprecate\`.`

  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> @acme/code-review@1.4.0',
    '<%= config.bin %> <%= command.id %> @acme/code-review@1.4.0 --undo',
  ]

  static override readonly completion = {version: 'package-version'}

  static override readonly args = {
    version: Args.string({
      description: 'Version to yank (@scope/name@version).',
      required: true,
      ignoreStdin: true,
    }),
  }

  static override readonly flags = {
    undo: Flags.boolean({summary: 'Allow the version to be chosen again.'}),
  }

  async run(): Promise<YankResult> {
    const {args, flags} = await this.parse(Yank)
    const wanted = parseYank(args.version, flags.undo)
    const client = await this.connectFor(wanted.name, flags)
    await yank(client, wanted)
    this.success(yankNote(wanted))
    const newest = wanted.yanked ? await newestOf(client, wanted.name) : undefined
    const note = replacementNote(wanted, newest)
    if (note !== undefined) this.note(printable(note))
    return this.show({registry: client.registry, ...wanted, ...(newest && {newest: newest.version})}, '')
  }
}
