import type {Delivery} from '@apkg/command-kit/delivery'

import type {Token} from './token.js'

/** The new token. No other output contains its value. */
export interface CreatedTokenResult extends Token, Delivery {
  /** URL of the registry. */
  registry: string
  /** The token's value. It can't be retrieved again. Absent with --out, and with a command after `--`. */
  token?: string
}
