/** Returns npm's cache and registry settings from the environment, for machines that run npm. */
export function npmSettings(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => /^npm_config_(cache|registry)$/i.test(name)))
}
