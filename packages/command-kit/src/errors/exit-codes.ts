/** The exit codes of every apkg command. Scripts branch on them: changing one is a breaking change. */
export const exitCodes = {
  done: 0,
  /** 400, 404, an unknown label, trouble on this machine. */
  failed: 1,
  /** A wrong flag or argument, an unknown command. */
  usage: 2,
  /** Refused by the registry: 402, 403, 409, policy. */
  refused: 3,
  /** No, a blank or a rejected credential (401). */
  credential: 4,
  /** Network, timeout, 429, 5xx, `--offline` in the way. */
  network: 5,
  /** Some of it done, some not. */
  partial: 6,
  /** `verify --strict` found an unverified package. */
  unverified: 8,
  interrupted: 130,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]
