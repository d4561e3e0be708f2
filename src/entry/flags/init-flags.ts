import {knownTools, packageTypes} from '@apkg/package-format'
import {Flags} from '@oclif/core'

/** The flags of `apkg init`. */
export const initFlags = {
  name: Flags.string({summary: 'Package name.', helpValue: '@scope/name'}),
  'package-version': Flags.string({summary: 'Package version. Defaults to `0.1.0`.', helpValue: '<version>'}),
  type: Flags.option({summary: 'Package type.', options: packageTypes})(),
  description: Flags.string({summary: 'Short description.'}),
  license: Flags.string({summary: 'License. Defaults to `MIT`.', helpValue: '<SPDX>'}),
  keywords: Flags.string({summary: 'Comma-separated keywords.'}),
  target: Flags.option({
    summary: 'Limit the package to this tool. Repeat the flag, or separate tools with commas.',
    options: knownTools,
    multiple: true,
    multipleNonGreedy: true,
    delimiter: ',',
  })(),
  origin: Flags.option({
    summary: 'Tool that the package was written for. Defaults to the first --target.',
    options: knownTools,
  })(),
  from: Flags.string({
    summary: 'Directory of an existing skill, agent, command or rule. Its name, type and description are used.',
    helpValue: '<directory>',
  }),
  yes: Flags.boolean({char: 'y', summary: 'Accept all defaults without prompting.'}),
  force: Flags.boolean({summary: 'Overwrite an existing apkg.json.'}),
}
