/** The exit codes of all commands. Scripts depend on them, so changing one is a breaking change. */
export const exitCodes = {
  done: 0,
  /** 400, 404, an unknown label, a problem on this machine. */
  failed: 1,
  /** Invalid flag or argument, unknown command. */
  usage: 2,
  /** Refused by the registry: 402, 403, 409, policy. */
  refused: 3,
  /** Missing, blank or rejected credential (401). */
  credential: 4,
  /** Network, timeout, 429, 5xx, or `--offline`. */
  network: 5,
  /** Only part of the work succeeded. */
  partial: 6,
  /** Not a failure: a filter matched (`token list --exit-code`), or the login isn't approved yet (`login --check`). */
  matched: 7,
  /** `verify --strict` found an unverified package. */
  unverified: 8,
  interrupted: 130,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]
