/** What npm was told of its cache and registry, for a machine of a test on which npm is run. */
export function npmSettings(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => /^npm_config_(cache|registry)$/i.test(name)))
}
