import {RegistryMoved} from './store-errors.js'

/**
 * How far the move of a registry has come. The source is `copying` while it is served, `moving` while its rows are
 * copied, and then `moved`; or the move was `canceled`. The target is `arriving` until the source has moved, and then
 * `arrived`.
 */
export type MoveState = 'copying' | 'moving' | 'moved' | 'canceled' | 'arriving' | 'arrived'

export interface MoveMark {
  state: MoveState
  /** Identifies the move, in the source and in the target. It stays the same if a canceled move is run again. */
  id: string
  /**
   * Identifies the run that copies, in the source and, with its rows, in the target. Only a target with the same one as
   * the source that was moved can be opened. A target that was only claimed, and a canceled move, have none.
   */
  copy?: string | undefined
}

/** The row of the table `policy` with the mark, because the policy is read with every credential. */
export const markName = 'move'

/** In these states, the database must be neither read nor changed. At most one of two copies is in no such state. */
const closed: readonly string[] = ['moving', 'moved', 'arriving'] satisfies MoveState[]

export function parseMark(value: string | undefined): MoveMark | undefined {
  const [state, ids] = value?.split(':') ?? []
  const [id, copy] = ids?.split('.') ?? []
  return state === undefined || id === undefined ? undefined : {state: state as MoveState, id, copy}
}

/** `<state>:<id>`, or `<state>:<id>.<copy>` */
export function formatMark({state, id, copy}: MoveMark): string {
  return copy === undefined ? `${state}:${id}` : `${state}:${id}.${copy}`
}

/**
 * @param value the stored mark, if there is one
 * @throws {RegistryMoved}
 */
export function assertOpen(value: string | undefined): void {
  const mark = parseMark(value)
  if (mark && closed.includes(mark.state)) throw new RegistryMoved(mark.state === 'moved')
}

/**
 * @param policy `name=value` entries, separated by spaces
 * @throws {RegistryMoved}
 */
export function assertOpenPolicy(policy: string | null | undefined): void {
  const [, value] = / move=(\S+)/.exec(` ${policy ?? ''}`) ?? []
  assertOpen(value)
}
