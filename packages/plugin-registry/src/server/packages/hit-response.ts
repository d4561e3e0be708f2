import {withoutNulls} from '../http/without-nulls.js'
import type {SearchHit} from '../store/store.js'

/** A package in a list, as clients get it. */
export function hitResponse({name, publisher, ...hit}: SearchHit) {
  return {name, publisher: {username: publisher}, ...withoutNulls(hit)}
}
