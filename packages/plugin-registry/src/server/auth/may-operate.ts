import type {Credential} from '../store/store.js'

/** Whether a credential allows operating the registry over the network. No token does. */
export function mayOperate({kind, owner}: Credential): boolean {
  return kind === 'session' && owner.isOperator
}
