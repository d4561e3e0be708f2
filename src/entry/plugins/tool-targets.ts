import type {SetUpPackage, ToolTarget} from '@apkg/command-kit'

import {isToolTarget} from '../../tools/plugin-tool.js'
import type {ExtensionPoint} from './extension-points.js'

/** Tools to set up in addition to the built-in ones. Only commands that install or set up packages ask for them. */
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
