import type {SetUpPackage, ToolTarget} from '@apkg/command-kit'

import {isToolTarget} from '../../tools/plugin-tool.js'
import type {ExtensionPoint} from './extension-points.js'

/** Tools that installed packages are set up for, beside those that apkg knows. For commands that install alone. */
export const toolTargets: ExtensionPoint<ToolTarget> = {
  event: 'apkg:tools',
  shape: '{name, title, folder, place}',
  isOffer: isToolTarget,
  bound: ({name, title, folder, place}, run) => ({
    name,
    title,
    folder,
    place: Object.fromEntries(
      Object.entries(place).map(([type, own]) => [type, (setUp: SetUpPackage) => run(() => own(setUp))]),
    ),
  }),
}
