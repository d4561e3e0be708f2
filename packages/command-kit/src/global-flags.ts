/** The flags that every command takes, before or after the subcommand. It imports nothing, since every start reads it. */
export const globalFlags = {
  json: {summary: 'Print the result as JSON.', takesValue: false},
  offline: {summary: "Don't use the network.", takesValue: false},
  registry: {summary: 'Use this registry instead of APKG_REGISTRY or the configured one.', takesValue: true},
} as const

export type GlobalFlagName = keyof typeof globalFlags
