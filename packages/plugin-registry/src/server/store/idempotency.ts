/** How long an idempotency key is valid, in milliseconds. */
export const idempotencyWindow = 24 * 60 * 60 * 1000

/**
 * A request that the client can retry with the same key if the response was lost
 * (draft-ietf-httpapi-idempotency-key-header). Keys of different accounts are independent.
 */
export interface IdempotentRequest {
  /** The SHA-256 of the key. */
  key: Uint8Array
  /** The SHA-256 of the method, path and body. A retry has the same one. */
  fingerprint: Uint8Array
}
