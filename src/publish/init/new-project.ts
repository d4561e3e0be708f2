import type {Ports} from '@apkg/command-kit'

import {gatherAnswers} from './answers.js'
import {formatManifest, manifestOf} from './initialize.js'
import {proposalsFor} from './proposals.js'

/** The `apkg.json` of a new project, with what `apkg init --yes` proposes. @param folder the project's directory, absolute. */
export async function newProjectManifest(
  folder: string,
  ports: Pick<Ports, 'env' | 'home' | 'prompts' | 'stdin' | 'stderr'>,
): Promise<string> {
  const proposals = await proposalsFor(folder, ports)
  return formatManifest(manifestOf(await gatherAnswers({type: 'project', yes: true}, proposals, ports), proposals))
}
