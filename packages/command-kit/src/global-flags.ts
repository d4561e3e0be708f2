/** The flags that every command accepts, before or after its name. Every start loads this file, so it imports nothing. */
export const globalFlags = {
  json: {summary: 'Print the result as JSON.', takesValue: false},
  offline: {summary: "Don't use the network.", takesValue: false},
  registry: {summary: 'Use this registry instead of APKG_REGISTRY or the configured one.', takesValue: true},
} as const

export type GlobalFlagName = keyof typeof globalFlags
