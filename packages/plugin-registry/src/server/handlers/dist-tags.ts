import {distTagProblem} from '@apkg/package-format'

import {actorOf} from '../auth/actor.js'
import {packageRefusal} from '../packages/package-refusals.js'
import {Refusal} from '../http/refusal.js'
import type {Handler} from './handler.js'

export const setDistTag: Handler<'setDistTag'> = async ({params, body, credential, client, now}, {store}) => {
  const {name, tag} = params
  const {version} = body
  const problem = distTagProblem(tag)
  if (problem !== undefined) throw new Refusal('VALIDATION', {details: [{field: 'tag', message: problem}]})
  const by = actorOf(credential, client)
  const outcome = await store.packages.setTag({name, tag, version}, credential, by, now.getTime())
  if (outcome !== 'set') throw packageRefusal(outcome, {name, version})
  return {tag, version}
}

export const removeDistTag: Handler<'removeDistTag'> = async ({params, credential, client, now}, {store}) => {
  const {name, tag} = params
  if (tag === 'latest') {
    throw new Refusal('DIST_TAG_LATEST')
  }
  const outcome = await store.packages.removeTag({name, tag}, credential, actorOf(credential, client), now.getTime())
  if (outcome !== 'removed') throw packageRefusal(outcome, {name, tag})
}
